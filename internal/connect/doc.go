// Package connect brings channel accounts in and out: a sign-in at the provider
// or a pasted token, the choice of accounts, their tokens' life and health, and
// disconnecting.
//
// It promises that nothing is connected which a person did not tick; that a
// token is sealed in the transaction that connects its account, is shown to
// nobody afterwards and is gone when the account is disconnected; that what the
// provider is asked for was shown before; that one broken account never stops
// another; and that history stays findable when an account comes back.
//
// It never talks to a provider by itself: every call is a channel's, outside of
// any transaction.
package connect
