//go:build !linux

package child

import "runtime/debug"

// limit asks the garbage collector alone: this system has no limits that can be
// told here. Parley is made for Linux.
func limit() error {
	debug.SetMemoryLimit(176 << 20)
	return nil
}
