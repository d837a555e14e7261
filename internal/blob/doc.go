// Package blob keeps the bytes of files in a folder, sealed.
//
// Every file is sealed in chunks of 64 KiB under its contact's key, or its
// workspace's where there is no contact. What a chunk is bound to names the
// workspace, the media row, the file, the chunk's place and whether it is the
// last one.
//
// It promises that a file is there whole or not at all, whatever stops the
// program or fills the disk; that bytes which were cut off, put in another order
// or brought from another file are noticed before they are handed out; and that
// nobody reads a file whose key is gone. What a crash leaves is found by Strays.
//
// It never knows a name, a type or an owner: those are sealed in the row of
// table media (store/media.go). It never takes a path from outside. With several
// nodes the folder must be one that all of them share.
package blob
