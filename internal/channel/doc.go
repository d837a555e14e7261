// Package channel is the contract a channel fulfils and the registry the rest
// of the program reaches channels through.
//
// A channel turns bytes into nouns and nouns into calls. It promises to be
// pure in Parse, to verify before anything is stored, and to know nothing of
// SQL, HTTP servers or other channels.
package channel
