// Command leaks looks for secrets that were written into the tree or into any
// commit of its history: keys of vendors by the form their makers gave them,
// private keys, tokens, addresses with a password, and long random values that
// something called a key, a token or a password is set to.
//
//	go run ./test/leaks        reads what git keeps: the tree and all commits
//
// What it finds it names by rule, place and a hash, never by itself. A value that
// is no secret (an example of a specification, a key that a test made up) stands
// in allow.txt by that hash, with a reason; a line there that nothing needs any
// more fails, so that the list stays true.
package main
