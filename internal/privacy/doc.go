// Package privacy carries out what a person may ask for: the erasure of one
// contact, by itself that of chats whose visitor did not want them kept, what a
// provider passes on from somebody who connected an account to it, and the cases
// of what people ask by every door, from the question to an answer with evidence.
//
// A case always ends and never ends early (desk.CaseStand), is proved by who asks
// and nobody else, and is called answered only where something other than a
// word of ours shows it. A phrase or a code alone carries nothing out.
//
// It promises that an erasure is recorded before it is reported, that it can be
// interrupted at any point and still ends, and that nothing of the person can
// be opened afterwards; that a request is durable before it is answered, that
// the same one is carried out once, and that who asked can read what became of
// it by a code which nobody else has. It never erases on an empty or unresolved
// subject, and never says that it found somebody whom it did not find.
package privacy
