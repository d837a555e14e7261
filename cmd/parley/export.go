package main

import (
	"fmt"
	"path/filepath"

	"parley/internal/app"
)

type exportCmd struct {
	Workspace string `required:"" help:"The workspace's name."`
	Out       string `required:"" help:"New file to write: a ZIP, not encrypted, for its owner only." placeholder:"FILE"`
	JSON      bool   `help:"Print the result as JSON."`
	where
}

func (c *exportCmd) Run(s *session) error {
	file, err := filepath.Abs(c.Out)
	if err != nil {
		return err
	}
	return s.withControl(c.where, func(ctl app.Control) error {
		done, err := ctl.ExportWorkspace(s.ctx, app.ExportWorkspace{Workspace: c.Workspace, File: file})
		if err != nil {
			return err
		}
		return s.sayPorted(done, "is in "+c.Out+", in clear: keep it safe", c.JSON)
	})
}

type workspaceImportCmd struct {
	File string `arg:"" help:"What parley export has written."`
	Name string `help:"A name of its own; left out, it keeps the one it had."`
	JSON bool   `help:"Print the result as JSON."`
	where
}

func (c *workspaceImportCmd) Run(s *session) error {
	file, err := filepath.Abs(c.File)
	if err != nil {
		return err
	}
	return s.withControl(c.where, func(ctl app.Control) error {
		done, err := ctl.ImportWorkspace(s.ctx, app.ImportWorkspace{File: file, Name: c.Name})
		if err != nil {
			return err
		}
		return s.sayPorted(done, "is here. Its members set a password by \"Forgot your password?\"; connect its channels and its AI key again", c.JSON)
	})
}

func (s *session) sayPorted(done app.WorkspacePorted, where string, asJSON bool) error {
	if asJSON {
		return s.printJSON(done)
	}
	_, err := fmt.Fprintf(s.stdout, "%s, with %d rows of %d tables and %d files, %s.\n", done.Name, done.Rows, len(done.Tables), done.Files, where)
	return err
}
