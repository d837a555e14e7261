package member

import (
	"runtime"
	"syscall"
)

// backward is how far behind everybody else a hash stands (nice value, 0 to 19):
// it takes what is left of the cores, and is not starved where nothing is.
const backward = 10

// standBack lets the calling goroutine run on a thread of its own, behind all
// others, until it ends. The thread ends with it: nobody may raise a priority
// again.
func standBack() {
	runtime.LockOSThread()
	// A kernel that refuses leaves the hash where it was, which costs others time
	// and nothing else.
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, backward)
}
