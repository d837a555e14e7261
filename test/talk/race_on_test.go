//go:build race

package talk_test

const acts = 1_500
