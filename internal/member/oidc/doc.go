// Package oidc asks account providers outside, such as Google, who somebody is:
// OpenID Connect's code flow with PKCE, state and nonce.
//
// It promises that it believes a provider only what its signed token says, for
// this client, this sign-in and this moment; that it asks for openid, email and
// profile and nothing else; that a person is told apart by issuer and subject,
// and an address counts as theirs only where the provider says that it was
// verified; and that a provider's tokens end here: nothing of them is returned,
// stored or logged.
//
// It opens no session, knows no member, and never decides whose account it is.
package oidc
