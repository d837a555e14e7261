// Package member knows who may act: people who sign in with e-mail and
// password, their sessions, the keys of programs, and the first owner's
// one-time link.
//
// It promises that a password is kept only as a slow hash over a keyed hash,
// that a token is kept only as its hash, that a wrong password and an unknown
// e-mail cost the same work and give the same answer, that guessing is limited
// per account and per address, and that a role, a switched-off member or a
// revoked session holds from the next request on.
//
// It never says whether an e-mail address has an account, never logs a name,
// an address or a token, and knows nothing of HTTP.
package member
