// Package id makes the numbers that name rows.
//
// It promises ids that are positive, unique within a node number, and ever
// rising within one process, even when the clock goes back or more than 2,048
// are wanted in a millisecond. After a restart, Raise keeps the promise against
// ids already stored.
//
// Nothing may take its order from ids: messages have seq, events have no.
package id
