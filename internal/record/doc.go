// Package record keeps what happened around the work itself: how often which
// part of the program was used, what was tried at the doors, and what went
// wrong.
//
// It promises that noting something costs a caller no more than a lock and a map:
// rows are written later by one goroutine, from buffers with a limit, and what
// does not fit is counted instead of kept. A record holds names of operations,
// ids, keyed hashes and numbers, by types that have no place for a text. An
// address is cut to its network (/24, /48) before it is kept anywhere. Each class
// has its term: counts of use name nobody after twelve months, where a try came
// from is gone after 90 days, and errors lie under keys of their day that end
// then, whether or not a sweep runs.
//
// It never keeps the text of an error, a message, a name, an e-mail address or a
// whole network address, and decides nothing: what looks like abuse is the
// business of package alert.
package record
