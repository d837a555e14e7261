// Package llm is the contract of a language model: one question to a vendor, one
// answer, and what went wrong in words that a program and an owner understand.
//
// A Model generates from a Request and makes vectors of texts; an Adapter also
// shows the exact bytes a Request becomes. It promises that an answer asked for
// by a Schema is JSON that fits it; that every failure is an *Error with a kind;
// that a Careful model ends within its deadline, tries again only where that
// helps, and leaves a vendor alone that is out of money or out of order; that
// what a call costs is known by a dated table, or said to be unknown; and that
// each vendor stands in a register with what it keeps, and for how long.
//
// It never decides what is asked, never keeps a text, never puts one into an
// error, and never reads a key or an address from the environment.
package llm
