// Package channeltest holds every channel to one contract (Run) and offers a
// channel of its own for tests and benches: Signed, whose deliveries carry an
// HMAC-SHA256 over the raw body.
//
// It promises that a channel which passes Run verifies before anything is
// trusted, is pure in Parse, bounded in Split and survives any bytes. It is
// never part of the product.
package channeltest
