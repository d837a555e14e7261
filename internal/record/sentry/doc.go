// Package sentry sends errors to a service that speaks Sentry's protocol, beside
// the program's own store of errors.
//
// It promises that what leaves is made here, field by field, from what a record
// may hold: words of the program, functions and lines, and ids. The SDK's own
// collecting is off, and a last look before sending keeps listed fields only, so
// that a newer SDK adds nothing by itself. No body, header, cookie, address, name
// of the machine or environment is among them.
//
// It never waits for the service, never retries for long, and does nothing where
// no address is set.
package sentry
