// Package alert looks over what was recorded and says when it looks like abuse:
// somebody guesses passwords, one text goes to many, a flood of messages, personal
// data taken out again and again, a key used from a network it never was used
// from.
//
// It promises that a rule that is met is an alert within a minute; that what goes
// on is one alert with one letter to the owners, or to the operator where it is of the
// install, however long it lasts; that its
// timeline holds what the records and the audit log say of its subject, by time;
// and that closing one takes a note and stops it from being raised again by what
// was over before.
//
// It never stops anybody: limits do that. It shows no text of a message, and to
// nobody what happened in another workspace.
package alert
