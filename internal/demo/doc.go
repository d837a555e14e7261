// Package demo runs a whole install that explains itself: a sample shop with
// the website chat, knowledge in two languages, three conversations and an
// owner who can sign in.
//
// Its answers come through the same knowledge and gate as any workspace's. It
// listens on loopback only and marks itself as a development install.
package demo
