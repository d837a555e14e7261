// Package privacy carries out what a person may ask for: today the erasure of
// one contact, and by itself that of chats whose visitor did not want them
// kept.
//
// It promises that an erasure is recorded before it is reported, that it can be
// interrupted at any point and still ends, and that nothing of the person can
// be opened afterwards. It never erases on an empty or unresolved subject.
package privacy
