package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// maxLine is how much of a line is read; what is longer was packed by a program.
const maxLine = 1 << 20

func main() {
	lines, err := run(".", "test/leaks/allow.txt")
	for _, l := range lines {
		fmt.Println(l)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run answers where secrets are, or nothing and no error.
func run(root, list string) ([]string, error) {
	allowed, err := allowList(list)
	if err != nil {
		return nil, err
	}
	s := scan{rules: rules(), allowed: allowed, seen: map[found]string{}, used: map[found]bool{}}
	if err := errors.Join(s.tree(root), s.history(root)); err != nil {
		return nil, err
	}
	var out []string
	for f, place := range s.seen {
		out = append(out, fmt.Sprintf("%s: %s %s", place, f.rule, f.hash))
	}
	for f := range allowed {
		if !s.used[f] {
			out = append(out, fmt.Sprintf("%s: nothing needs the line of %s %s any more", list, f.rule, f.hash))
		}
	}
	if slices.Sort(out); len(out) > 0 {
		return out, fmt.Errorf("%d values look like secrets: take them back at their maker, or say in %s why they are none", len(out), list)
	}
	return nil, nil
}

// allowList reads lines of "rule hash => reason".
func allowList(path string) (map[found]bool, error) {
	b, err := os.ReadFile(path)
	out := map[found]bool{}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		what, why, ok := strings.Cut(line, " => ")
		at := strings.LastIndexByte(what, ' ')
		if !ok || strings.TrimSpace(why) == "" || at < 0 {
			return nil, fmt.Errorf("%s: %q has no reason", path, line)
		}
		out[found{what[:at], what[at+1:]}] = true
	}
	return out, err
}

type scan struct {
	rules         []rule
	allowed, used map[found]bool
	seen          map[found]string // and where first
}

func (s *scan) line(b []byte, place func() string) {
	for _, f := range look(s.rules, b) {
		if s.allowed[f] {
			s.used[f] = true
		} else if s.seen[f] == "" {
			s.seen[f] = place()
		}
	}
}

// tree reads the files that git knows or would add.
func (s *scan) tree(root string) error {
	list, err := git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return err
	}
	for path := range strings.SplitSeq(strings.TrimRight(string(list), "\x00"), "\x00") {
		b, err := os.ReadFile(filepath.Join(root, path))
		if errors.Is(err, os.ErrNotExist) || err == nil && bytes.IndexByte(b[:min(len(b), 8000)], 0) >= 0 {
			continue // taken away and not noted yet, or no text
		}
		if err != nil {
			return err
		}
		n := 0
		for line := range bytes.Lines(b) {
			n++
			s.line(line, func() string { return fmt.Sprintf("%s:%d", path, n) })
		}
	}
	return nil
}

// history reads what any commit added.
func (s *scan) history(root string) error {
	cmd := exec.Command("git", "-C", root, "log", "--all", "--patch", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--format=commit %h%n+%B")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return err
	}
	in, commit, file := bufio.NewReaderSize(out, maxLine), "", ""
	for {
		line, _, err := in.ReadLine() // of a line beyond maxLine the rest comes as a line
		if errors.Is(err, io.EOF) {
			return cmd.Wait()
		}
		if err != nil {
			return errors.Join(err, cmd.Wait())
		}
		switch {
		case bytes.HasPrefix(line, []byte("commit ")):
			commit = string(line[7:])
		case bytes.HasPrefix(line, []byte("+++ ")):
			file = string(bytes.TrimPrefix(line[4:], []byte("b/")))
		case !bytes.HasPrefix(line, []byte("-")) && !bytes.HasPrefix(line, []byte("@@")):
			s.line(line, func() string { return commit + " " + file })
		}
	}
}

func git(root string, args ...string) ([]byte, error) {
	cmd := exec.Command("git", append([]string{"-C", root}, args...)...)
	cmd.Stderr = os.Stderr
	return cmd.Output()
}
