//go:build !linux

package member

// standBack does nothing where a single thread cannot be put behind others.
func standBack() {}
