// Package breach is the desk for what went wrong with people's data: an incident
// from the moment somebody knows of it until it is closed, whom it touched, who was
// told and when.
//
// It promises that the clock of 72 hours runs from an act that says since when it
// is known and is never moved without a trace; that whom an incident touched is
// counted from the audit log and the tables, anew and with a date; that the
// authority, the businesses and the people read the same table of facts; that each
// person is told once, by mail, with their next message or by a public notice, and
// who was erased is not; and that a rehearsal looks like one everywhere and mails
// nobody.
//
// It never reads what people wrote, never writes one message to many, and never
// tells twice to be sure: where it cannot know whether a mail left, a person
// decides.
package breach
