package main

import "testing"

// Every rewritten file is Go again, and the checks that hold everything up are
// among those that are found.
func TestTheChecksOfTheTreeAreFound(t *testing.T) {
	t.Parallel()
	m, err := rewrite("../..", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, c := range m.checks {
		if found[c.Func] = true; c.Text == "" {
			t.Errorf("%s %s: an empty check", c.File, c.Func)
		}
	}
	for _, fn := range []string{"admit", "identify", "sameSite", "allows", "SignIn", "Key", "AddKey", "MayManage", "allow"} {
		if !found[fn] {
			t.Errorf("no check is found in %s: the search is broken", fn)
		}
	}
	if len(m.checks) < 70 {
		t.Errorf("only %d checks are found", len(m.checks))
	}
}
