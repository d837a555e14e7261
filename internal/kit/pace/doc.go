// Package pace limits how often something may happen per key: an address, a
// member, a widget.
//
// It promises a token bucket per key, a bounded memory whatever keys arrive, and
// an honest answer to "when may I try again".
//
// It keeps nothing on disk and shares nothing between machines: limits that must
// survive a restart are counters in the store. When more keys are active than
// the size allows, the key unseen for longest starts afresh.
package pace
