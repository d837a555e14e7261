package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/internal/promise"
)

// smoke are checks that run beside those of a fault where the whole register does
// not: a fault of one promise leaves them green.
var smoke = []string{"due-date-told", "widget-settings", "contact-names"}

// found is what a run showed of a fault.
type found struct {
	fault
	Green  []string // of its checks, which should be red
	Others []string // checks that turned red, too
	Took   time.Duration
}

func (f found) caught() bool { return len(f.Green) == 0 }

// beside is what runs on a fault: its own checks and smoke, or everything (nil) where
// it touches a hardest promise and the run is a long one.
func beside(r *promise.Register, f fault, long bool) []string {
	if long && slices.ContainsFunc(clausesOf(r, f), func(id string) bool {
		return slices.ContainsFunc(hard, func(ids []string) bool { return slices.Contains(ids, id) })
	}) {
		return nil
	}
	return slices.Concat(f.Checks, smoke)
}

// carry runs the register, or only, on the program with one fault awake; "" = none.
func carry(ctx context.Context, r *promise.Register, program string, f fault, only []string) (found, error) {
	out := found{fault: f}
	name := filepath.Join(filepath.Dir(program), "fault-"+f.Name)
	if err := os.Link(program, name); err != nil {
		return out, err
	}
	defer os.Remove(name)
	ctx, stop := context.WithTimeout(ctx, 4*time.Minute)
	defer stop()
	args := []string{"prove", "--json"}
	for _, one := range only {
		args = append(args, "--check", one)
	}
	var said, wrong bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = &said, &wrong
	from := time.Now()
	err := cmd.Run()
	out.Took = time.Since(from)
	red, lines := map[string]bool{}, 0
	for line := range strings.Lines(said.String()) {
		var p struct {
			Clause string
			State  promise.State
		}
		if json.Unmarshal([]byte(line), &p) == nil && p.Clause != "" {
			red[p.Clause] = p.State == promise.Failed
			lines++
		}
	}
	if lines != len(r.All()) {
		return out, fmt.Errorf("fault %s: the program did not come to an end: %w\n%s", f.Name, err, wrong.Bytes())
	}
	for _, check := range r.Checks() {
		failed := slices.ContainsFunc(r.Of(check), func(id string) bool { return red[id] })
		switch mine := slices.Contains(f.Checks, check); {
		case mine && !failed:
			out.Green = append(out.Green, check)
		case !mine && failed:
			out.Others = append(out.Others, check)
		}
	}
	return out, nil
}
