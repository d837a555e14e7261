package main

import (
	"fmt"
	"time"

	"parley/internal/app"
)

type keyRotateCmd struct {
	Root       bool `help:"Only the root key."`
	Workspaces bool `help:"Only the keys of the workspaces' own content."`
	where
}

func (c *keyRotateCmd) Run(s *session) error {
	in := app.RotateKeys{Root: c.Root, Workspaces: c.Workspaces}
	if !c.Root && !c.Workspaces {
		in = app.RotateKeys{Root: true, Workspaces: true}
	}
	return s.withControl(c.where, func(ctl app.Control) error {
		done, err := ctl.RotateKeys(s.ctx, in)
		if err != nil {
			return err
		}
		return s.printJSON(done)
	})
}

type keyListCmd struct {
	JSON bool `help:"Print one line of JSON per kind."`
	where
}

func (c *keyListCmd) Run(s *session) error {
	return s.withControl(c.where, func(ctl app.Control) error {
		all, err := ctl.ListKeys(s.ctx)
		if err != nil {
			return err
		}
		if !c.JSON {
			if _, err := fmt.Fprintf(s.stdout, "%-10s %8s  %-10s  %-10s  %8s  %-10s\n", "kind", "keys", "oldest", "newest", "term", "next"); err != nil {
				return err
			}
		}
		for _, k := range all {
			if c.JSON {
				err = s.printJSON(k)
			} else {
				_, err = fmt.Fprintln(s.stdout, keyLine(k))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// keyLine is one line of the register, in columns.
func keyLine(k app.KeyAge) string {
	term, mark := "-", ""
	if k.Days > 0 {
		term = fmt.Sprintf("%d days", k.Days)
	}
	if k.Due {
		mark = "  past its term: parley key rotate"
	}
	return fmt.Sprintf("%-10s %8d  %-10s  %-10s  %8s  %-10s%s", k.Kind, k.Keys, day(k.Oldest), day(k.Newest), term, day(k.Next), mark)
}

func day(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.DateOnly)
}
