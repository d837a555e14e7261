// Package web reads other people's websites politely: one page at a time, within
// one site, by the site's own rules.
//
// It promises: an address leads to one form of itself; robots.txt is read as
// RFC 9309 says, with our name Agent; an answer has a size, a time and a kind, or
// a Reason why it has not; a redirect is never followed by itself but told, so
// that whoever keeps the list of pages checks it like any other address.
//
// It keeps nothing, knows no database and runs no script of a page. Whether an
// address may be called at all is kit/httpx's business.
package web
