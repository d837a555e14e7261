// Package demo runs a whole install that explains itself: a sample shop with
// the website chat, knowledge in two languages, three conversations, an owner
// who can sign in, and Meta's side of Instagram, Messenger and WhatsApp
// simulated on a port of its own, with three phones to write from. Simulate runs
// that side alone, for an install started apart.
//
// Its answers come through the same knowledge and gate as any workspace's. It
// listens on loopback only and marks itself as a development install. The
// simulator holds no account until somebody connects it, as with Meta.
package demo
