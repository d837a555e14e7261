// Package audit is the record of who did what: one hash chain per workspace,
// with signed marks along it.
//
// An entry holds ids, kinds and numbers. A reason in free text comes sealed
// under the key of the person it is about, so that erasing the person leaves the
// chain whole. Each entry's hash covers the one before it; a mark signs the hash
// reached so far. Whole segments between marks may be pruned when they are older
// than KeepMonths, leaving their marks and one signed mark that says so.
//
// It promises that Verify finds any changed byte, and any entry left out, put
// in, moved or taken from another workspace, and names the place: to the entry
// where only rows were touched, to the segment where somebody also computed the
// hashes anew. Nobody without the signing seed can make it accept less.
//
// What Verify cannot see is the loss of entries after the last mark, or of the
// last marks together with their entries: give marks out of the house (mail,
// print, a second machine) and compare with Report.Last.
//
// Log keeps the chains in a store: an entry is part of the transaction that does
// the act, so that neither stands without the other.
//
// It never holds what a row says, only which row it was.
package audit
