// Package talk puts intake, answer, deliver and inbox together over a real
// store, a real flow and a signed test channel, and holds the whole way of a
// message to its promises: every delivery once and in order, one voice at a
// time, never silence.
package talk
