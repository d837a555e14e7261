//go:build race

package talk_test

const (
	acts   = 800
	orders = 12
)
