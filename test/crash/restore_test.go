package crash

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/test/pgtest"
)

// target is a machine on which an install comes back.
type target struct {
	*saves
	machine *place // the new one
}

// restored is what a restore says of itself.
type restored struct {
	Tables, Rows, Files int
	Open                bool
}

// fresh is an empty machine with what is left of the old one.
func (s *saves) fresh(postgres bool) *target {
	s.t.Helper()
	database := ""
	if postgres {
		database = pgtest.DB(s.t)
	}
	to := newPlace(s.t, s.binary, database, *seed)
	backups := filepath.Join(s.t.TempDir(), "backups")
	must(s.t, os.CopyFS(backups, os.DirFS(s.folder)))
	to.env = []string{"PARLEY_BACKUPS=" + backups}
	return &target{s, to}
}

func (g *target) restore() *exec.Cmd {
	return g.machine.command(0, "restore", "--json", "--recovery-key", g.recovery, "--root-key", g.root)
}

// A restore is killed at every step, and where it is taken up again once more. What
// is left opens for nobody until it is whole; taken up again it ends with every row
// and file that was saved, and who was erased since is not back.
func TestARestoreKilledAtEveryStepOpensWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, postgres bool) {
		s := newSaves(t, postgres)
		s.does("backup")
		s.does("erase", "--workspace", "Crash", "--contact", s.erased, "--confirm", "--json")
		whole := s.fresh(postgres).whole(nil)
		names := s.walked(s.fresh(postgres).restore())
		if len(names) < 60 || !slices.Contains(names, "restore: a file comes") || !slices.Contains(names, "restore: an epoch's key comes") {
			t.Fatalf("a restore has only these steps: %v", names)
		}
		moments := s.moments(names, postgres)
		for i, step := range moments {
			g := s.fresh(postgres)
			if s.dies(g.restore(), step+1) == nil {
				t.Fatalf("it was not killed at %q", names[step])
			}
			g.shut(names[step])
			if _, open := g.begun(); !open && i%2 == 0 { // and again, where it is taken up
				if s.dies(g.restore(), 1+s.dice.IntN(step+1)) != nil {
					g.shut(names[step] + ", and again")
				}
			}
			if got := g.whole(&whole); got != whole {
				t.Errorf("killed at %q it ends with %+v, not %+v", names[step], got, whole)
			}
		}
		t.Logf("killed at %d of %d steps", len(moments), len(names))
	})
}

// moments are steps by number: of each name the first, the last and one between; on
// PostgreSQL, where each takes seconds, one.
func (s *saves) moments(names []string, postgres bool) (all []int) {
	by := map[string][]int{}
	for i, name := range names {
		by[name] = append(by[name], i)
	}
	for _, hits := range by {
		if !postgres {
			all = append(all, hits[0], hits[len(hits)-1])
		}
		all = append(all, hits[s.dice.IntN(len(hits))])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// begun reports whether the machine holds anything, and whether it says that a
// restore is not over.
func (g *target) begun() (something, open bool) {
	_, err := os.Stat(filepath.Join(g.machine.dir, "restore.json"))
	open = errors.Is(err, fs.ErrNotExist)
	_, err = os.Stat(filepath.Join(g.machine.dir, "custody"))
	return !open || err == nil, open
}

// shut wants what a kill left to be closed, or whole.
func (g *target) shut(when string) {
	g.t.Helper()
	something, open := g.begun()
	if !something {
		return // nothing to open yet
	}
	if done := g.steps(); open {
		if done[len(done)-1] != "restore: open" {
			g.t.Errorf("killed at %q, nothing says that it is not over", when)
		}
		return // it is, and whole looks at it
	}
	said, err := g.machine.command(0, "audit", "verify").CombinedOutput()
	if err == nil || !strings.Contains(string(said), "run parley restore again") {
		g.t.Errorf("killed at %q, it opens: %v\n%s", when, err, said)
	}
}

// whole ends the restore, where it is not over, and looks at the install.
func (g *target) whole(want *restored) (got restored) {
	t := g.t
	t.Helper()
	if want != nil {
		got = *want
	}
	if something, open := g.begun(); !something || !open {
		out, err := g.restore().Output()
		if err != nil {
			t.Fatalf("it is not taken up again: %v\n%s", err, told(err))
		}
		must(t, json.Unmarshal(out, &got))
	}
	if out, err := g.machine.command(0, "audit", "verify").CombinedOutput(); err != nil {
		t.Errorf("it does not open: %v\n%s", err, out)
	}
	for contact, there := range map[string]bool{g.stays: true, g.erased: false} {
		said, err := g.machine.command(0, "erase", "--workspace", "Crash", "--contact", contact).CombinedOutput()
		if (err == nil) != there {
			t.Errorf("the person who is there: %v: %v\n%s", there, err, said)
		}
	}
	return got
}
