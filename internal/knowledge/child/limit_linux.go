package child

import (
	"bytes"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
)

// What the process may use.
const (
	memory    = 512 << 20 // bytes beyond what it was born with
	softly    = 176 << 20 // from here the garbage collector works harder
	seconds   = 60        // of processor time
	fileBytes = 64 << 20  // of one file, which is the compiled PDFium
	openFiles = 32
)

// limit sets the limits of this process, which it cannot raise again.
func limit() error {
	runtime.GOMAXPROCS(2) // beyond that each thread costs memory
	debug.SetMemoryLimit(softly)
	debug.SetGCPercent(50)
	size, err := virtual()
	if err != nil {
		return err
	}
	for what, most := range map[int]uint64{
		syscall.RLIMIT_AS:     size + memory,
		syscall.RLIMIT_DATA:   memory,
		syscall.RLIMIT_CPU:    seconds,
		syscall.RLIMIT_FSIZE:  fileBytes,
		syscall.RLIMIT_NOFILE: openFiles,
		syscall.RLIMIT_CORE:   0,
	} {
		var had syscall.Rlimit
		if err := syscall.Getrlimit(what, &had); err != nil {
			return err
		}
		most = min(most, had.Max)
		if err := syscall.Setrlimit(what, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return nil
}

// virtual is how much address space the process has: Go reserves some at its
// start, of which it uses little.
func virtual() (uint64, error) {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	pages, err := strconv.ParseUint(string(bytes.Fields(raw)[0]), 10, 64)
	return pages * uint64(os.Getpagesize()), err
}
