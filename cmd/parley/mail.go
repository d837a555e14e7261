package main

import (
	"fmt"
	"os"
	"path/filepath"

	"parley/internal/app"
	"parley/internal/kit/config"
	"parley/internal/notify"
)

type mailCmd struct {
	Test    mailTestCmd    `cmd:"" help:"Send one mail and say what the mail server says."`
	Preview mailPreviewCmd `cmd:"" help:"Write every letter, in both languages, as page and text, with made-up facts."`
}

type mailTestCmd struct {
	Address string `arg:"" help:"Where to."`
	Lang    string `help:"en or tr." enum:"en,tr" default:"en"`
}

func letters() (*notify.Notify, error) {
	cfg, err := config.FromEnvironment(nil)
	if err != nil {
		return nil, usageError{err}
	}
	return app.Letters(cfg)
}

func (c *mailTestCmd) Run(s *session) error {
	n, err := letters()
	if err != nil {
		return err
	}
	if err := n.Test(s.ctx, c.Address, c.Lang); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "%s took a mail to %s\n", n.Server.Address, c.Address)
	return err
}

type mailPreviewCmd struct {
	Folder string `arg:"" help:"Folder to write to; made when absent."`
}

func (c *mailPreviewCmd) Run(s *session) error {
	n, err := letters()
	if err != nil {
		return err
	}
	all, err := n.Samples()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Folder, 0o755); err != nil {
		return err
	}
	for _, one := range all {
		for ending, text := range map[string]string{".html": one.HTML, ".txt": "Subject: " + one.Subject + "\n\n" + one.Text} {
			path := filepath.Join(c.Folder, one.Kind+"."+one.Locale+ending)
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(s.stdout, "%-9s %s  %s\n", one.Kind, one.Locale, one.Subject); err != nil {
			return err
		}
	}
	return nil
}
