// Package pace limits how often something may happen per key: an address, a
// member, a widget; and spreads long work over time (Steps).
//
// It promises a token bucket per key, a bounded memory whatever keys arrive, an
// honest answer to "when may I try again", and that work in steps leaves others
// their turn.
//
// It keeps nothing on disk and shares nothing between machines: limits that must
// survive a restart are counters in the store. When more keys are active than
// the size allows, the key unseen for longest starts afresh.
package pace
