// Package tape is what stand-ins that take posted requests have in common: a
// server on loopback that keeps every byte that came, hands out what was in it,
// and notes what did not follow the protocol.
package tape
