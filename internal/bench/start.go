package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"parley/internal/kit/clock"
)

const (
	startTimes = 5
	startBound = 1   // s
	idleBound  = 100 // MB
	sizeBound  = 64  // MB
	idleFor    = 3 * time.Second
)

// Start measures the program itself: the size of its file, how long `parley
// serve` takes until it is ready on an empty folder, and what it then holds in
// memory.
func Start(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(1, startTimes)
	if opt.Program == "" {
		return nil, errors.New("bench start measures the program's file: run it as parley bench start")
	}
	if opt.Engine != "sqlite" {
		return nil, errors.New("bench start measures an install as it comes, which is on SQLite")
	}
	r := &report{bench: "start", engine: opt.Engine}
	file, err := os.Stat(opt.Program)
	if err != nil {
		return nil, err
	}
	var cold, warm sample
	idle := 0.0
	for range opt.Messages {
		dir, err := os.MkdirTemp("", "parley-bench")
		if err != nil {
			return nil, err
		}
		first, held, err := startOnce(ctx, opt, dir)
		if err == nil {
			var second time.Duration
			second, _, err = startOnce(ctx, opt, dir)
			warm = append(warm, second)
		}
		cold, idle = append(cold, first), max(idle, held)
		if err := errors.Join(err, os.RemoveAll(dir)); err != nil {
			return nil, err
		}
	}
	r.add("ready on an empty folder, median", cold.at(0.5)/1000, "s", startBound)
	r.add("ready on a folder that was used", warm.at(0.5)/1000, "s", 0)
	r.add("idle memory of an empty install", idle/1024, "MB", idleBound)
	r.add("size of the program", float64(file.Size())/(1<<20), "MB", sizeBound)
	return r.figures, nil
}

// startOnce runs the program until it is ready and was idle for a moment.
func startOnce(ctx context.Context, opt Options, dir string) (ready time.Duration, resident float64, err error) {
	var clk clock.Clock = clock.Real{}
	cmd := exec.CommandContext(ctx, opt.Program, "serve", "--data", dir, "--listen", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	began := clk.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	ready = clk.Since(began)
	if err != nil || !strings.HasPrefix(line, "Parley is ready") {
		return 0, 0, errors.Join(fmt.Errorf("the program did not start: %q, %w", line, err), cmd.Process.Kill(), cmd.Wait())
	}
	select {
	case <-clk.After(idleFor):
	case <-ctx.Done():
	}
	resident, err = residentOf(cmd.Process.Pid)
	return ready, resident, errors.Join(err, cmd.Process.Signal(syscall.SIGTERM), cmd.Wait())
}
