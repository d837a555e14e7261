//go:build !race

package talk_test

// How many acts the race test throws at the AI, and how many random orders the
// gated one drives. The race detector makes each some ten times dearer, and
// looks for something else.
const (
	acts      = 10_000
	modelActs = 900 // -races has more
	orders    = 100
)
