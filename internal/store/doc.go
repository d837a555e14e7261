// Package store keeps everything that must survive: all SQL of the program, one
// text for SQLite and PostgreSQL, as verbs on *Tx (writing) and *Rx (reading),
// one file per noun.
//
// It promises that a write is all or nothing and durable before Write returns,
// that an event's number order equals commit order, that personal columns are
// sealed before they reach a database, and that nothing a workspace owns can be
// reached without a handle bound to that workspace. Closures may run again
// (busy, serialisation) and must touch nothing outside their Tx.
//
// It never holds a transaction over a network call and never decides anything:
// rules live in desk and in the features.
package store
