package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"parley/internal/app"
	"parley/internal/promise"
	"parley/internal/promise/checks"
	"parley/internal/prove"
)

type proveCmd struct {
	JSON    bool     `help:"Print one line of JSON per clause, and a last one with the counts."`
	Engine  string   `enum:"sqlite,postgres" default:"sqlite" help:"Database engine of the scratch program: sqlite or postgres."`
	Check   []string `help:"Run only the check of this name; may be given several times." placeholder:"NAME"`
	Install bool     `help:"Look at the running install of the data folder instead: what it holds, how old that is, and what it answers. Nothing is changed but a made-up person, who belongs to no workspace and is destroyed again."`
	Keep    bool     `help:"Hand the result to the install of the data folder, which signs it, ties it to the one before and shows it on its public pages."`
	Save    string   `help:"With --keep: write what was signed to this file, to be checked anywhere with parley audit certificate." placeholder:"FILE"`
	where
}

// kept is the line of what an install keeps of the run.
type kept struct {
	Install string    `json:"install"` // its id, the name of its signing key
	Number  int64     `json:"number"`
	Hash    string    `json:"hash"`
	Before  string    `json:"before"` // hash of the record before
	At      time.Time `json:"at"`
}

// proof is the line of one clause. Program is what a whole program in a folder of
// its own did, Install what the install that runs was seen to be; "" = not looked
// at in this run. State is Install where it was, else Program.
type proof struct {
	Clause   string        `json:"clause"`
	State    promise.State `json:"state"`
	Program  promise.State `json:"program"`
	Install  promise.State `json:"install"`
	Why      string        `json:"why,omitempty"`
	Evidence string        `json:"evidence"`
	At       time.Time     `json:"at"`
}

// Run carries out every check in a scratch program; it fails when one of them
// does. Unproven clauses are no failure: the reason is printed.
func (c *proveCmd) Run(s *session) (err error) {
	if c.Save != "" && !c.Keep {
		return usageError{errors.New("--save needs --keep: only what an install keeps is signed")}
	}
	if c.Install && (c.Keep || len(c.Check) > 0) {
		return usageError{errors.New("--install looks at everything and keeps what it saw by itself: leave --keep and --check out")}
	}
	if c.Keep && len(c.Check) > 0 {
		return usageError{errors.New("--keep wants every check to run: leave --check out")}
	}
	if c.Install {
		return c.look(s)
	}
	r, err := promise.Load()
	if err != nil {
		return err
	}
	all := checks.All(r)
	if err := promise.Bind(r, all); err != nil {
		return err
	}
	if all, err = c.chosen(all); err != nil {
		return err
	}
	own, err := os.Executable()
	if err != nil {
		return err
	}
	m, err := prove.NewModel(s.ctx, prove.Options{Engine: c.Engine, Program: own})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	proofs := promise.Prove(s.ctx, r, m, all)
	if err := c.tell(s, proofs); err != nil {
		return err
	}
	if c.Keep {
		if err := c.keep(s, proofs); err != nil {
			return err
		}
	}
	return anyFailed(proofs)
}

// look asks the install what it sees of itself.
func (c *proveCmd) look(s *session) error {
	return s.withControl(c.where, func(ctl app.Control) error {
		seen, err := ctl.Look(s.ctx)
		if err != nil {
			return err
		}
		proofs := make([]promise.Proof, 0, len(seen))
		for _, one := range seen {
			proofs = append(proofs, promise.Proof{Clause: one.Clause, State: one.State, Why: one.Why, Evidence: one.Evidence, At: one.At})
		}
		return errors.Join(c.tell(s, proofs), anyFailed(proofs))
	})
}

// anyFailed is the exit status: a clause that failed.
func anyFailed(proofs []promise.Proof) error {
	if slices.ContainsFunc(proofs, func(p promise.Proof) bool { return p.State == promise.Failed }) {
		return exitError(exitFailed)
	}
	return nil
}

// chosen are the checks that were named, or all.
func (c *proveCmd) chosen(all []promise.Check) ([]promise.Check, error) {
	if len(c.Check) == 0 {
		return all, nil
	}
	for _, name := range c.Check {
		if !slices.ContainsFunc(all, func(k promise.Check) bool { return k.Name == name }) {
			return nil, usageError{fmt.Errorf("there is no check %q; docs/promises.md names them", name)}
		}
	}
	return slices.DeleteFunc(all, func(k promise.Check) bool { return !slices.Contains(c.Check, k.Name) }), nil
}

// keep hands the result to the install.
func (c *proveCmd) keep(s *session, proofs []promise.Proof) error {
	return s.withControl(c.where, func(ctl app.Control) error {
		out, err := ctl.KeepRun(s.ctx, promise.RunOf(app.Fingerprint(), c.Engine, proofs))
		if err != nil {
			return err
		}
		if c.Save != "" {
			if err := os.WriteFile(c.Save, out.Signed, 0o600); err != nil {
				return err
			}
		}
		if c.JSON {
			return s.printJSON(map[string]kept{"kept": {out.Install, out.Number, out.Hash, out.Before, out.At}})
		}
		_, err = fmt.Fprintf(s.stdout, "kept as record %d of install %s, %s\n", out.Number, out.Install, out.Hash)
		return err
	})
}

// tell prints every clause and the counts.
func (c *proveCmd) tell(s *session, proofs []promise.Proof) error {
	n := map[promise.State]int{}
	for _, p := range proofs {
		n[p.State]++
		if err := c.print(s, p); err != nil {
			return err
		}
	}
	if c.JSON {
		return s.printJSON(map[string]map[promise.State]int{"summary": {promise.Proven: n[promise.Proven], promise.Failed: n[promise.Failed],
			promise.NotApplicable: n[promise.NotApplicable], promise.Unproven: n[promise.Unproven]}})
	}
	_, err := fmt.Fprintf(s.stdout, "%d proven, %d failed, %d not applicable, %d unproven\n", n[promise.Proven], n[promise.Failed], n[promise.NotApplicable], n[promise.Unproven])
	return err
}

func (c *proveCmd) print(s *session, p promise.Proof) error {
	if c.JSON {
		line := proof{Clause: p.Clause, State: p.State, Program: p.State, Why: p.Why, Evidence: p.Evidence, At: p.At}
		if c.Install {
			line.Program, line.Install = "", p.State
		}
		return s.printJSON(line)
	}
	why := ""
	if p.Why != "" {
		why = "  " + p.Why
	}
	_, err := fmt.Fprintf(s.stdout, "%-15s %-10s%s\n", p.State, p.Clause, why)
	return err
}
