package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"parley/internal/app"
	"parley/internal/desk"
)

type eraseCmd struct {
	Workspace string  `required:"" help:"The workspace's name."`
	Contact   desk.ID `required:"" help:"The contact's id: it stands in the address of the person's page."`
	Confirm   bool    `help:"Erase. Without it only what would go is counted."`
	Out       string  `help:"Write the signed certificate to this new file; parley audit certificate checks it." placeholder:"FILE"`
	JSON      bool    `help:"Print the result as JSON, with the certificate."`
	where
}

func (c *eraseCmd) Run(s *session) error {
	if c.Confirm && c.Out == "" && !c.JSON {
		return usageError{errors.New("--confirm needs --out FILE or --json: the certificate is given once")}
	}
	if c.Out != "" && !c.Confirm {
		return usageError{errors.New("--out needs --confirm: before the erasure there is no certificate")}
	}
	return s.withControl(c.where, func(ctl app.Control) (err error) {
		var file *os.File
		if c.Out != "" { // before what cannot be undone
			if file, err = os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, file.Close()) }()
		}
		done, err := ctl.EraseContact(s.ctx, app.EraseContact{Workspace: c.Workspace, Contact: c.Contact, Confirm: c.Confirm})
		if err != nil {
			if file != nil {
				err = errors.Join(err, os.Remove(c.Out))
			}
			return err
		}
		if file != nil {
			_, err = file.Write(append(done.Certificate, '\n'))
			err = errors.Join(err, file.Sync())
		}
		return errors.Join(err, c.say(s, done))
	})
}

func (c *eraseCmd) say(s *session, done app.ContactErased) error {
	if c.JSON {
		return s.printJSON(done)
	}
	counts, err := json.MarshalIndent(done.Counts, "", "  ")
	if err != nil {
		return err
	}
	text := "Would be erased, with the person's key; --confirm does it:"
	if done.Erased {
		text = fmt.Sprintf("Erased as number %d of the privacy ledger; the certificate is in %s:", done.No, c.Out)
	}
	_, err = fmt.Fprintf(s.stdout, "%s\n%s\n", text, counts)
	return err
}
