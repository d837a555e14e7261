package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"parley/internal/app"
	"parley/internal/privacy"
)

type privacyCmd struct {
	ImportPerson importPersonCmd `cmd:"" name:"import-person" help:"Bring a person with their conversations from the copy that another Parley handed them."`
	ImportMeta   importMetaCmd   `cmd:"" name:"import-meta" help:"Carry out a list of user ids that Meta mailed for deletion."`
}

type importPersonCmd struct {
	File      string `arg:"" help:"The copy that another Parley handed the person; - reads standard input."`
	Workspace string `required:"" help:"The workspace they come to."`
	JSON      bool   `help:"Print the result as JSON."`
	where
}

func (c *importPersonCmd) Run(s *session) (err error) {
	file := c.File
	if file == "-" {
		if file, err = s.keepInput(); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.Remove(file)) }()
	}
	if file, err = filepath.Abs(file); err != nil {
		return err
	}
	return s.withControl(c.where, func(ctl app.Control) error {
		done, err := ctl.ImportPerson(s.ctx, app.ImportPerson{Workspace: c.Workspace, File: file})
		if err != nil || c.JSON {
			return errors.Join(err, s.printJSON(done))
		}
		_, err = fmt.Fprintf(s.stdout, "Contact %s is here, with %d conversations, %d messages and %d files.\n", done.Contact, done.Conversations, done.Messages, done.Files)
		return err
	})
}

// keepInput puts standard input into a file of its own: a ZIP is read from its end.
func (s *session) keepInput() (name string, err error) {
	to, err := os.CreateTemp("", "parley-copy-*.zip")
	if err != nil {
		return "", err
	}
	if _, err = io.Copy(to, s.stdin); err != nil {
		err = errors.Join(err, os.Remove(to.Name()))
	}
	return to.Name(), errors.Join(err, to.Close())
}

type importMetaCmd struct {
	File string `arg:"" help:"The list: one id per line, or a CSV file with the ids first; - reads standard input."`
	JSON bool   `help:"Print one line of JSON per id and a summary."`
	where
}

// imported sums a list up.
type imported struct {
	IDs       int `json:"ids"`
	Matched   int `json:"matched"`
	Unmatched int `json:"unmatched"`
	Other     int `json:"other_lines"` // held no id
}

func (c *importMetaCmd) Run(s *session) error {
	list, err := c.read(s)
	if err != nil {
		return err
	}
	sum := imported{IDs: len(list.IDs), Other: list.Other}
	err = s.withControl(c.where, func(ctl app.Control) error {
		for some := range slices.Chunk(list.IDs, privacy.ListStep) {
			done, err := ctl.ImportDeletions(s.ctx, app.ImportDeletions{IDs: some})
			if err != nil {
				return err
			}
			for _, one := range done.Listed {
				if err := c.say(s, one, done.Status, &sum); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return s.printJSON(map[string]imported{"summary": sum})
	}
	_, err = fmt.Fprintf(s.stdout, "%d ids: %d matched, %d match nobody; %d lines held no id.\n"+
		"Matched ids are carried out by the running install within minutes, and appear in each workspace under Settings, Privacy.\n"+
		"Of the others nothing was kept: Meta names people who only wrote to a business by other ids.\n", sum.IDs, sum.Matched, sum.Unmatched, sum.Other)
	return err
}

func (c *importMetaCmd) say(s *session, one privacy.Listed, status string, sum *imported) error {
	if one.Code == "" {
		sum.Unmatched++
	} else {
		sum.Matched++
	}
	if c.JSON {
		return s.printJSON(one)
	}
	if one.Code == "" {
		return nil
	}
	_, err := fmt.Fprintf(s.stdout, "%s  %v  %s\n", one.ID, one.Matched, status+one.Code)
	return err
}

func (c *importMetaCmd) read(s *session) (privacy.IDList, error) {
	var from io.Reader = s.stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return privacy.IDList{}, err
		}
		defer func() { _ = f.Close() }()
		from = f
	}
	return privacy.ReadIDList(from)
}
