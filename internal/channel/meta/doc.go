// Package meta is what Instagram, Messenger and WhatsApp share: signatures and
// signed requests, the envelope of a delivery and its tolerant types, the Graph
// client, the table of errors and the sign-ins.
//
// It promises that a signature is checked over the raw bytes with every secret
// in constant time, that nothing in a delivery but its outermost shape can fail
// its neighbours, that a token goes to Meta's hosts only and never into an
// error, and that every refusal of Meta has a reason with words for people.
//
// It never decides what an event means: that is each channel's parse.go.
// Sections named in comments are those of the behaviour reference that the
// channels are built from.
package meta
