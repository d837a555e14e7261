// Package widget is the website chat as a channel.
//
// Its deliveries are not signed: internal/api has checked the visitor's token,
// origin and pace before it hands a part in, so VerifyRaw refuses whatever
// comes by another way. Parse decides what of a visit may be kept: without the
// visitor's consent that is the page's origin and nothing else.
//
// Sending needs no call: the committed message row is what the visitor's stream
// reads.
package widget
