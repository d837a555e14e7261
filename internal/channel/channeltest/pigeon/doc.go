// Package pigeon is a channel that does not exist: letters by carrier pigeon.
//
// It is the proof that a channel is one folder and one line in the list of
// channels. It brings everything of its own, shares nothing with Meta's, and
// has skills the others do not: a loft instead of a page, letters instead of
// webhooks, rings instead of tokens. Whatever works with it works with the next
// channel. It is never part of the product.
package pigeon
