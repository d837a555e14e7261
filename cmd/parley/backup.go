package main

import (
	"fmt"

	"parley/internal/app"
)

type backupCmd struct {
	Now  backupNowCmd  `cmd:"" default:"withargs" help:"Save data and keys now, while the server goes on."`
	Key  backupKeyCmd  `cmd:"" help:"Make the recovery key that backups are encrypted to."`
	List backupListCmd `cmd:"" help:"List what was saved, and until when it is kept."`
}

type backupNowCmd struct {
	JSON bool `help:"Print one line of JSON per backup."`
	where
}

func (c *backupNowCmd) Run(s *session) error {
	return s.withControl(c.where, func(ctl app.Control) error {
		made, err := ctl.Backup(s.ctx)
		if err != nil {
			return err
		}
		return s.printBackups(made, c.JSON)
	})
}

type backupListCmd struct {
	JSON bool `help:"Print one line of JSON per backup."`
	where
}

func (c *backupListCmd) Run(s *session) error {
	return s.withControl(c.where, func(ctl app.Control) error {
		all, err := ctl.ListBackups(s.ctx)
		if err != nil {
			return err
		}
		return s.printBackups(all, c.JSON)
	})
}

func (s *session) printBackups(all []app.BackedUp, json bool) error {
	for _, b := range all {
		var err error
		if json {
			err = s.printJSON(b)
		} else {
			_, err = fmt.Fprintf(s.stdout, "%-5s %-8s %12d bytes %10d rows %6d files  until %s  %s  %s\n", b.Kind, b.State, b.Bytes, b.Rows, b.Files, day(b.Ends), b.Name, b.Reason)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type backupKeyCmd struct {
	File string `arg:"" help:"New file for the secret half; take it away from this machine."`
	where
}

func (c *backupKeyCmd) Run(s *session) error {
	cfg, err := settings(c.where.flags())
	if err != nil {
		return err
	}
	public, err := app.BackupKey(cfg, c.File)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "%s\nTake %s away from this machine and keep it with the root key: without it no backup opens. A running server uses it from its next start.\n", public, c.File)
	return err
}

type restoreCmd struct {
	where
	From          string `help:"Folder of the backups (PARLEY_BACKUPS)."`
	RecoveryKey   string `placeholder:"FILE" help:"File of the recovery key's secret half."`
	RootKey       string `placeholder:"FILE" help:"File of the root key; empty: PARLEY_ROOT_KEY, or root.key in the data folder."`
	Backup        string `help:"Name of the data backup; empty: the newest."`
	Keys          string `help:"Name of the key backup; empty: the newest."`
	Check         bool   `help:"Restore into a scratch place, read everything there, and throw it away."`
	Scratch       string `help:"Folder in which the scratch place is made."`
	ConfirmLedger bool   `help:"Open the install although not every privacy act since the backup may be known; this is recorded."`
	JSON          bool   `help:"Print the result as JSON."`
}

func (c *restoreCmd) Run(s *session) error {
	flags := c.where.flags()
	flags["PARLEY_BACKUPS"] = c.From
	cfg, err := settings(flags)
	if err != nil {
		return err
	}
	done, err := app.RestoreInto(s.ctx, cfg, app.Restore{RecoveryKey: c.RecoveryKey, RootKey: c.RootKey, Data: c.Backup, Keys: c.Keys,
		Confirm: c.ConfirmLedger, Check: c.Check, Scratch: c.Scratch}, s.logger())
	if err != nil {
		return err
	}
	if c.JSON {
		err = s.printJSON(done)
	} else {
		err = c.say(s, done)
	}
	if err == nil && (!c.Check && !done.Open || c.Check && done.Gap != "") {
		return exitError(exitFailed)
	}
	return err
}

func (c *restoreCmd) say(s *session, r app.Restored) error {
	_, err := fmt.Fprintf(s.stdout, "%s and %s, of %s\n%d tables, %d rows and %d files are as they were saved.\n%d privacy acts: %d people erased again, %d members left, %d accounts disconnected, %d restrictions set.\n",
		r.Data, r.Keys, r.At.UTC().Format("2006-01-02 15:04 MST"), r.Tables, r.Rows, r.Files,
		r.Replayed.Acts, r.Replayed.Erased, r.Replayed.Left, r.Replayed.Disconnected, r.Replayed.Restricted)
	if err != nil {
		return err
	}
	switch {
	case c.Check:
		_, err = fmt.Fprintf(s.stdout, "%d contacts were opened, %d audit chains are whole.\n", r.Opened, r.Chains)
		if err == nil && r.Gap != "" {
			_, err = fmt.Fprintf(s.stdout, "NOT every privacy act may be known: %s\n", r.Gap)
		}
	case r.Open:
		_, err = fmt.Fprintln(s.stdout, "The install may be started. Everybody signs in again; what waited to be sent is shown as unknown and is not sent.")
	default:
		_, err = fmt.Fprintf(s.stdout, "It STAYS CLOSED: %s. People who were erased since might come back.\nBring the folder \"ledger\" of the backups up to date and run this again, or open it all the same with --confirm-ledger.\n", r.Gap)
	}
	return err
}
