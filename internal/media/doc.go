// Package media brings the files of messages in and out: it fetches what people
// sent from their channels, takes what members upload, and opens what is kept.
//
// It promises that a message never waits for its files, and that a file which
// fails is tried again by itself; that what is kept is sealed from its first
// byte; that a type is told by the bytes and not by anybody's word; that a
// picture carries nothing but its points, and one that a member brings is drawn
// anew (ADR 0025); that no file is larger than
// desk.MaxFile whatever was announced; and that the bytes of a file whose row
// ends leave the disk.
//
// It never shows a file by itself (api does, to who may read the conversation),
// never sends one (deliver does) and never logs a name.
package media
