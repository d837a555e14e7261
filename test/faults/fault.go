package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"parley/internal/promise"
)

// fault is one file of list.
type fault struct {
	Name   string
	Checks []string // that must turn red
	File   string   // of the tree
	Why    string
	Fast   bool // go test carries it out, too
	Edits  []edit
}

// edit is a text of the file that stands there exactly once, and what stands there
// instead. A fault has several where one promise is kept twice over.
type edit struct{ Old, New string }

// load reads the faults of a folder, by name. Every wrong one is an error.
func load(dir string) ([]fault, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, err
	}
	var all []fault
	var wrong []error
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		f, err := read(strings.TrimSuffix(filepath.Base(path), ".txt"), raw)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", path, err))
		}
		all = append(all, f)
	}
	return all, errors.Join(wrong...)
}

func read(name string, raw []byte) (fault, error) {
	head, rest, _ := strings.Cut(string(raw), "-- old --\n")
	f := fault{Name: name}
	whole := true
	for one := range strings.SplitSeq(rest, "-- old --\n") {
		var e edit
		e.Old, e.New, _ = strings.Cut(one, "-- new --\n")
		whole = whole && e.Old != "" && strings.Contains(e.New, "FAULT")
		f.Edits = append(f.Edits, e)
	}
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "checks":
			f.Checks = strings.Fields(value)
		case "file":
			f.File = value
		case "why":
			f.Why = value
		case "fast":
			f.Fast = value == "yes"
		case "":
		default:
			return f, fmt.Errorf("nothing is known of %q", key)
		}
	}
	if len(f.Checks) == 0 || f.File == "" || f.Why == "" || !whole {
		return f, errors.New("it lacks its checks, its file, its why, its old text, or the word FAULT in its new text")
	}
	return f, nil
}

// patched gives the files that some faults change, with all of them in, each
// asleep until the program has its name. Old text that is not there exactly once is
// an error: the fault has to follow the program.
func patched(root string, faults []fault) (map[string][]byte, error) {
	files := map[string][]byte{}
	var wrong []error
	for _, f := range faults {
		text := files[f.File]
		if text == nil {
			var err error
			if text, err = os.ReadFile(filepath.Join(root, f.File)); err != nil {
				return nil, fmt.Errorf("%s: %w", f.Name, err)
			}
		}
		for _, e := range f.Edits {
			if n := bytes.Count(text, []byte(e.Old)); n != 1 {
				wrong = append(wrong, fmt.Errorf("fault %s: its old text stands %d times in %s", f.Name, n, f.File))
				continue
			}
			fresh := strings.ReplaceAll(e.New, "FAULT", `(parleyFault == "fault-`+f.Name+`")`)
			text = bytes.Replace(text, []byte(e.Old), []byte(fresh), 1)
		}
		files[f.File] = text
	}
	for _, name := range slices.Sorted(keys(files)) {
		_, rest, _ := bytes.Cut(files[name], []byte("\npackage "))
		if after, first := bytes.CutPrefix(files[name], []byte("package ")); first {
			rest = after
		}
		pkg, _, _ := bytes.Cut(rest, []byte("\n"))
		files[filepath.Dir(name)+"/parley_fault.go"] = fmt.Appendf(nil, "package %s\n\nimport (\n\t\"os\"\n\t\"path/filepath\"\n)\n\nvar parleyFault = filepath.Base(os.Args[0])\n", pkg)
	}
	return files, errors.Join(wrong...)
}

func keys(files map[string][]byte) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range files {
			if !yield(name) {
				return
			}
		}
	}
}

// build makes the program with some faults in it, in dir.
func build(root, dir string, faults []fault) (program string, err error) {
	files, err := patched(root, faults)
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for name, text := range files {
		at, err := filepath.Abs(filepath.Join(root, name))
		if err != nil {
			return "", err
		}
		replace[at] = filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(replace[at], text, 0o600); err != nil {
			return "", err
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay, program := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "parley")
	if err := os.WriteFile(overlay, list, 0o600); err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-overlay", overlay, "-o", program, "./cmd/parley")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("the program does not compile with its faults: %w\n%s", err, out)
	}
	return program, nil
}

// clausesOf are the clauses that the checks of a fault stand for.
func clausesOf(r *promise.Register, f fault) (all []string) {
	for _, name := range f.Checks {
		all = append(all, r.Of(name)...)
	}
	return all
}
