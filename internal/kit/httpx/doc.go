// Package httpx is the one way out: every call that leaves the machine goes
// through a Client.
//
// A call names a rule of the register, and the rule says for which purpose
// calls leave and to which hosts. The Client promises that a host outside the
// rule is never dialled, not by a redirect either; that an address of this
// machine or its network is reached only where the rule names that host as
// private, checked when dialling, so that a name which changes its address
// gains nothing; that a bearer token goes to the host it was given for and to
// no other; that every answer has a limit in size and time; and that an error
// tells whether anything may have been sent, without repeating an address's
// query, a header or a body.
//
// It never takes a proxy from the environment, never keeps cookies and never
// tries again by itself.
package httpx
