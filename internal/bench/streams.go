package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
)

const (
	streamsOpen  = 5000
	streamsBound = 30 // KB each
	streamsPings = 50
	streamsLate  = 1000 // ms
	streamsFirst = 100  // opened before anything is measured
)

// Streams measures what idle visitors cost the server in memory, and that none
// hears of a message late. The visitors live in another process.
func Streams(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(streamsOpen, streamsPings)
	if opt.Program == "" {
		return nil, errors.New("bench streams measures this process's memory, so its load needs a process of its own: run it as parley bench streams")
	}
	if err := enoughFiles(opt.Conversations + 200); err != nil {
		return nil, err
	}
	r := &report{bench: "streams", engine: opt.Engine}
	w, err := newWhole(ctx, opt)
	if err != nil {
		return nil, err
	}
	return r.figures, errors.Join(w.measureStreams(ctx, r), w.Close())
}

func (w *whole) measureStreams(ctx context.Context, r *report) error {
	open := order{Do: "streams", C: 64}
	err := w.visitors(ctx, streamsFirst)
	if err == nil {
		_, err = w.client.do(open)
	}
	if err != nil {
		return err
	}
	before, heapBefore, err := memory()
	if err != nil {
		return err
	}
	if err := w.visitors(ctx, w.opt.Conversations); err != nil {
		return err
	}
	if _, err := w.client.do(open); err != nil {
		return err
	}
	if have := w.Live.Streams(); have != streamsFirst+w.opt.Conversations {
		return fmt.Errorf("%d streams are open, not %d", have, streamsFirst+w.opt.Conversations)
	}
	after, heapAfter, err := memory()
	if err != nil {
		return err
	}
	each := float64(w.opt.Conversations)
	r.add(fmt.Sprintf("growth with %d idle streams", w.opt.Conversations), (after-before)/each, "KB/stream", streamsBound)
	r.add("of that live heap and stacks", (heapAfter-heapBefore)/each, "KB/stream", 0)
	r.add("resident with all of them", after/1024, "MB", 0)
	got, err := w.client.do(order{Do: "ping", N: w.opt.Messages, Wait: inboxWait})
	r.spread("message on its own stream", got.MS, 0)
	r.add("the latest of them", got.MS.at(1), "ms", streamsLate)
	return err
}

// memory is what this process holds once rubbish is gone: resident, and the part
// of it that is live heap and stacks, in KB.
func memory() (resident, live float64, err error) {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	resident, err = residentOf(os.Getpid())
	return resident, float64(m.HeapAlloc+m.StackInuse) / 1024, err
}

// residentOf is the resident memory of a process, in KB.
func residentOf(pid int) (float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, found := strings.Cut(string(raw), "VmRSS:")
	number, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if !found {
		return 0, errors.New("the system does not say how much memory is resident")
	}
	return strconv.ParseFloat(number, 64)
}

// enoughFiles makes sure that so many connections can be open.
func enoughFiles(n int) error {
	var lim syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &lim); err != nil {
		return err
	}
	if lim.Cur >= uint64(n) {
		return nil
	}
	if lim.Max < uint64(n) {
		return fmt.Errorf("%d open files are needed and %d allowed: run `ulimit -n %d` first, as root", n, lim.Max, n)
	}
	lim.Cur = uint64(n)
	return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &lim)
}
