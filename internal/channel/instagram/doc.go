// Package instagram is Instagram Direct as a channel: conversations with a
// professional account, connected by Facebook's sign-in (through its page) or
// by Instagram's own.
//
// It promises what package channel asks, with the limits of Instagram: text of
// 1000 bytes, files that Meta fetches by a public address, ten pictures in one
// message, a day's window. Media of a story ends with the story, and an unsend
// asks for the deletion of what was sent.
//
// It never reads posts or comments, never tags what a machine wrote, and never
// keeps a story longer than Instagram does. Section numbers in comments are
// those of the behaviour reference.
package instagram
