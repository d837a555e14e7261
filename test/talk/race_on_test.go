//go:build race

package talk_test

const (
	acts      = 800
	modelActs = 150 // -races has more
	orders    = 12
)
