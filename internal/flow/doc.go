// Package flow makes sure that what follows from an event is done: once, in
// order, and also after a crash.
//
// Work is a row, added in the transaction of its cause. It waits in a lane: a
// workspace, a kind and a key (a conversation, a channel account). A worker
// claims a lane, not an item, so the items of one lane are done strictly in
// order while many lanes go on side by side.
//
// It promises that an item's result and its removal are one commit; that a
// worker which lost its lane can commit nothing; that a failing item is tried
// again after 1 s, doubling to 10 min, 12 times, and then pauses its lane where
// people can see it; that a lane with work is looked at within a second even if
// every wake-up is lost; and that a clock set back or forward loses nothing.
//
// It never does an outside effect exactly once: between an effect and the commit
// that records it, a crash repeats the item. Handlers mark such steps in a
// transaction of their own, under Job.Check.
package flow
