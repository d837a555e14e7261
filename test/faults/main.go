package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/internal/promise"
)

func main() {
	only := flag.String("only", "", "carry out the faults whose name fits this expression, and write no page")
	wide := flag.Int("p", 3, "how many run at a time")
	whole := flag.Bool("whole", false, "run the whole register on every fault of a hardest promise, which takes three quarters of an hour")
	flag.Parse()
	if err := run(*only, *wide, *whole); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(only string, wide int, long bool) error {
	pattern, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	r, err := promise.Load()
	if err != nil {
		return err
	}
	faults, err := load("test/faults/list")
	if err != nil {
		return err
	}
	faults = slices.DeleteFunc(faults, func(f fault) bool { return !pattern.MatchString(f.Name) })
	dir, err := os.MkdirTemp("", "faults")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program, err := build(".", dir, faults)
	if err != nil {
		return err
	}
	if err := sound(r, program, faults, only != ""); err != nil {
		return err
	}
	all := make([]found, len(faults))
	var g errgroup.Group
	g.SetLimit(wide)
	for i, f := range faults {
		g.Go(func() (err error) {
			all[i], err = carry(context.Background(), r, program, f, beside(r, f, long))
			if err == nil {
				fmt.Printf("%4.0f s  %-34s green: %v, others red: %v\n", all[i].Took.Seconds(), f.Name, all[i].Green, all[i].Others)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if only == "" {
		commit, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
		if err != nil {
			return err
		}
		text := page(r, all, time.Now().UTC().Format(time.DateOnly), strings.TrimSpace(string(commit)), long)
		if err := os.WriteFile("docs/faults.md", []byte(text), 0o644); err != nil {
			return err
		}
	}
	var missed []error
	for _, f := range all {
		if !f.caught() {
			missed = append(missed, fmt.Errorf("fault %s is not noticed by %v", f.Name, f.Green))
		}
	}
	return errors.Join(missed...)
}

// sound runs the register without any fault, or only the checks that faults break.
func sound(r *promise.Register, program string, faults []fault, only bool) error {
	var checks []string
	for _, f := range faults {
		if only {
			checks = append(checks, f.Checks...)
		}
	}
	whole, err := carry(context.Background(), r, program, fault{}, checks)
	if err != nil || len(whole.Others) > 0 {
		return errors.Join(err, fmt.Errorf("without any fault these are red: %v", whole.Others))
	}
	return nil
}
