// Package smtp stands in for a business's mail server in tests: it speaks SMTP
// (RFC 5321) with STARTTLS or TLS from the first byte and AUTH PLAIN and LOGIN,
// under a certificate of its own, records every line and every mail, and
// misbehaves on demand: refuses for now or for good at any step, stands still,
// hangs up before or after it took a mail, or offers no TLS.
//
// It listens on loopback only, delivers nothing, and knows nothing of the
// program it tests.
package smtp
