// Package child reads files in a process of its own, because a file is hostile
// until it was read: whatever it does to its reader, it does to a process that
// has nothing, knows nothing and is thrown away.
//
// It promises: that process gets the file on its standard input, no environment
// and limits of memory, processor time and files that it sets itself before the
// first byte is read; it is killed when it takes too long or says too much; what
// it says is checked like any input from outside. Every end is a document or a
// refusal with its reason.
//
// It is the only place of the server that starts a process.
package child
