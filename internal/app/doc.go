// Package app puts the program together. It is the only package that knows
// every feature: Open opens an install, Build wires the features in the order
// a message takes through them, Run serves until it is told to stop.
//
// It holds the program's lists, one page each: channels.go (channels), flow.go
// (what follows from what), retention.go (what is deleted when). It never
// decides anything by itself.
package app
