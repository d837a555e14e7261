// Package port takes a whole workspace from one install to another, in a form
// that any program can read, and brings a person from the copy that another
// business handed them.
//
// Export writes a ZIP: every row in JSON, one file per table and one row per line,
// what was sealed in clear; the files that people sent; the main tables once more
// as CSV; a manifest with the length and SHA-256 of each; and a README that says
// how to read it. docs/export.md lists the tables. Secrets, ways in and what only
// means something to the install that is left do not go along.
//
// It promises:
//   - What Import has brought is what Export wrote: exported again, every table is
//     the same, row by row (A-14.1-05, A-19-07).
//   - A person is the same: their messages word by word, in order, with their files.
//   - A file that was cut, changed or made by a newer version brings nothing.
//   - A workspace is nobody's until all of it is there. What an import that was
//     interrupted has left is cleared away before the next, or after a day.
package port
