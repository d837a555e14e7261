// Package tlstest makes certificates for tests that speak TLS over loopback.
//
// It promises a new key each time, and certificates that no system trusts: a
// test has to say that it trusts them.
//
// It never keeps a key: whoever asks for one as a file writes it themselves.
package tlstest
