// Package text turns human writing into something a program can compare:
// cleaned strings, folded strings, words, stems, character grams, sentences,
// language guesses and search terms.
//
// It promises that every function is pure, never fails, never panics and takes
// any bytes, valid UTF-8 or not. Offsets it returns are byte offsets into the
// string it was given. The same input gives the same output on every machine,
// because search terms made here are stored (as keyed hashes) for years.
//
// It never reads a file, keeps no state and logs nothing.
package text
