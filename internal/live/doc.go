// Package live hands committed events to those who watch a workspace: members'
// screens, and visitors who watch one conversation.
//
// It promises exact replay: a stream that starts after a number gets every
// event above it, once and in order, as long as the rows are kept (7 days);
// before that it answers ErrTooOld and the client loads anew. A stream costs no
// goroutine and no timer, and a slow reader costs no memory: what it missed is
// read from the rows again.
//
// Frames, such as "somebody is typing", have no rows: they reach who watches
// now, on every node, or nobody.
//
// It never decides who may see what: an event holds ids, and its reader loads
// the current row with the permission of whoever it is for. It sends no
// heartbeat: that belongs to the connection.
package live
