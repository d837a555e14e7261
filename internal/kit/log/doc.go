// Package log makes the program's logger.
//
// It promises that what reaches the log is ids, kinds, numbers and errors:
// attributes under a sensitive name, secrets, raw bytes and any value that has
// not said how it prints are masked or named by type only.
//
// It never writes message text or personal data, and never to a file: the
// service manager keeps the log.
package log
