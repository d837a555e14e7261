package archtest

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

const allowFile = "internal/archtest/allow.txt"

// allowance is one line of allow.txt: rule, place, limit where the rule counts
// something, and the reason after "#".
type allowance struct {
	rule, place string
	limit       int
	used        bool
}

func readAllow(root fs.FS) ([]allowance, error) {
	raw, err := fs.ReadFile(root, allowFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var list []allowance
	for line := range strings.Lines(string(raw)) {
		rule, reason, _ := strings.Cut(line, "#")
		words := strings.Fields(rule)
		if len(words) == 0 {
			continue
		}
		if len(words) < 2 || strings.TrimSpace(reason) == "" {
			return nil, fmt.Errorf("%s: want: rule place [limit] # reason, not %q", allowFile, strings.TrimSpace(line))
		}
		a := allowance{rule: words[0], place: words[1]}
		if len(words) > 2 {
			if a.limit, err = strconv.Atoi(words[2]); err != nil {
				return nil, fmt.Errorf("%s: %q is not a number", allowFile, words[2])
			}
		}
		list = append(list, a)
	}
	return list, err
}

// allowed reports whether a finding is excepted. count is what a counting rule
// found, 0 for the others.
func (t *tree) allowed(rule, place string, count int) bool {
	for i := range t.allow {
		a := &t.allow[i]
		if a.rule == rule && a.place == place && count <= a.limit {
			a.used = true
			return true
		}
	}
	return false
}
