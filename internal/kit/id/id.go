package id

import (
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"parley/internal/kit/clock"
)

// An id is 42 bits of milliseconds since 2025-01-01 UTC, 10 bits of node and 11
// bits of counter: 63 bits, enough until the year 2164.
const (
	nodeBits    = 10
	counterBits = 11
	epochMilli  = 1735689600000

	// MaxNode is the largest node number.
	MaxNode = 1<<nodeBits - 1
)

// Gen makes ids. It is safe for concurrent use.
type Gen struct {
	clk  clock.Clock
	node atomic.Uint64
	// last is milliseconds and counter of the newest id, side by side, so that
	// a full counter carries into the next millisecond by plain addition.
	last atomic.Uint64
}

// New gives a generator for one node, 0 to MaxNode. Two running processes on
// the same data must have different nodes. A node out of range is cut to its
// low 10 bits.
func New(clk clock.Clock, node int) *Gen {
	g := &Gen{clk: clk}
	g.Move(node)
	return g
}

// Move gives the generator another node number, before its first id or because
// the old number is another process's by now.
func (g *Gen) Move(node int) { g.node.Store(uint64(node) & MaxNode) }

// Next gives an id greater than every id this generator gave before.
func (g *Gen) Next() int64 {
	for {
		last := g.last.Load()
		next := max(last+1, g.now()<<counterBits)
		if g.last.CompareAndSwap(last, next) {
			return int64(next>>counterBits<<(nodeBits+counterBits) | g.node.Load()<<counterBits | next&(1<<counterBits-1))
		}
	}
}

// Raise makes every later id greater than past, an id found in the store at
// start, so that a clock set back between two runs repeats nothing.
func (g *Gen) Raise(past int64) {
	if past <= 0 {
		return
	}
	floor := (uint64(past)>>(nodeBits+counterBits) + 1) << counterBits
	for {
		last := g.last.Load()
		if last >= floor || g.last.CompareAndSwap(last, floor) {
			return
		}
	}
}

// Time is the moment an id was made, to the millisecond (a little in the future
// of it when many were made at once).
func Time(id int64) time.Time {
	return time.UnixMilli(id>>(nodeBits+counterBits) + epochMilli).UTC()
}

// Parse reads an id as JSON and paths carry it: plain decimal digits, no sign,
// no leading zero, greater than 0.
func Parse(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || s[0] < '1' || s[0] > '9' {
		return 0, fmt.Errorf("id: not an id (decimal digits, at most 19, no leading zero)")
	}
	return n, nil
}

// Format writes an id the way Parse reads it.
func Format(id int64) string { return strconv.FormatInt(id, 10) }

func (g *Gen) now() uint64 {
	return uint64(max(g.clk.Now().UnixMilli()-epochMilli, 1))
}

// Last is the greatest id of the millisecond of a moment: what was made by then
// has none above it.
func Last(t time.Time) int64 {
	return (t.UnixMilli()-epochMilli+1)<<(nodeBits+counterBits) - 1
}
