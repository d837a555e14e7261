// Package cursor writes and reads the opaque place marks of paged lists.
//
// It promises that Read takes only what Make wrote, for the same list and the
// same number of keys, and refuses everything else with one plain error.
//
// A cursor is not signed and grants nothing: it holds sort keys the reader has
// seen already, and the query behind it checks the workspace again.
package cursor
