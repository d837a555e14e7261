package main

import (
	"fmt"

	"parley/internal/app"
	"parley/internal/privacy"
)

type mailInCmd struct {
	Workspace string `help:"The business whose privacy address it is; without one the mail is for whoever runs the install."`
	JSON      bool   `help:"Print one line of JSON."`
	where
}

// Run takes one mail from standard input, for an alias of a mail server. A mail
// that opens no case because a machine wrote it is no failure: the server would
// send it back.
func (c *mailInCmd) Run(s *session) error {
	m, err := privacy.ReadMail(s.stdin)
	if err != nil {
		return err
	}
	var done app.MailTaken
	err = s.withControl(c.where, func(ctl app.Control) (err error) {
		done, err = ctl.MailIn(s.ctx, app.MailIn{Workspace: c.Workspace, Mail: m})
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return s.printJSON(done)
	}
	if done.Ignored != "" {
		_, err = fmt.Fprintf(s.stdout, "No request was opened: the mail is %s.\n", done.Ignored)
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "Request %s was opened (%s).\n", done.Case, done.Kind)
	return err
}
