// Package deliver is the one exit: every message for a contact leaves through
// Send, whoever wrote it.
//
// It promises that the messages of a conversation leave in order; that an AI
// message enters sending only while nobody took over or paused since it was
// written, decided in the transaction that marks it sending; that the first AI
// message of an engagement says so; that a send whose outcome is not known is
// never repeated, unless the channel can take it twice without harm; and that a
// message which could not be sent says why in plain words. It keeps the pace that
// a provider asks for, per account and per person, and nothing waits inside it: a
// message whose turn is later gives its lane back. Outside the reply window only a
// template leaves, and only where the person's opt-in allows it.
//
// It never writes text of its own but the disclosure and the mark, and never
// holds a transaction over a call.
package deliver
