// Package pgtest starts throw-away PostgreSQL servers for tests and benches.
//
// It promises a server of this machine's own PostgreSQL on loopback with a free
// port, run by an ordinary user even when the caller is root, and gone with all
// its files when the process that asked for it ends, however it ends.
//
// It never touches a PostgreSQL that was there before, and it never lets a test
// pass without one: where PostgreSQL is missing the test fails and says what to
// install.
package pgtest
