// Package oidc stands in for an account provider such as Google: it speaks
// OpenID Connect (discovery, keys, the authorization code flow with PKCE,
// userinfo, a picture), signs with RS256 keys of its own, records every byte
// that it is sent, and lies on demand about everything a careful program checks.
//
// It listens on loopback only and knows nothing of the program it tests.
package oidc
