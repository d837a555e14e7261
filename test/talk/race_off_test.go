//go:build !race

package talk_test

// acts is how many acts the race test throws at the AI; the race detector makes
// each some ten times dearer.
const acts = 10_000
