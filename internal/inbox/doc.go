// Package inbox is what members do: reply, take over, hand back, assign, snooze,
// close, label, search, keep replies ready, and steer the AI.
//
// It promises that every act is one transaction with its line in the
// conversation, its event and its audit entry; that from the commit of a
// take-over or a pause on nothing of the AI enters sending; and that a reply
// sent twice with one client id is one message.
//
// It never sends (deliver does) and never checks permissions (api does).
package inbox
