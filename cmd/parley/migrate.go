package main

import (
	"errors"
	"fmt"

	"parley/internal/app"
	"parley/internal/store"
)

type migrateCmd struct {
	where
	To     string `help:"postgres://… to copy this SQLite install to; the source stays as it is."`
	KeysTo string `help:"postgres://… for the wrapped keys; empty: a schema of their own beside the data."`
	JSON   bool   `help:"Print what was copied as JSON."`
}

func (c *migrateCmd) Run(s *session) error {
	cfg, err := settings(c.where.flags())
	if err != nil {
		return err
	}
	in, err := app.Open(s.ctx, cfg, s.logger()) // opening migrates
	if err != nil {
		return err
	}
	if err := in.Close(); err != nil {
		return err
	}
	if c.To == "" {
		_, err := fmt.Fprintln(s.stdout, "The database has this version's schema.")
		return err
	}
	if cfg.Database.Reveal() != "" {
		return usageError{errors.New("--to copies a SQLite install; this one is on PostgreSQL already")}
	}
	moved, err := store.CopyTo(s.ctx, store.Move{Dir: cfg.Data, URL: c.To, KeysURL: c.KeysTo, Clock: in.Clock, Progress: func(table string, done, total int64) {
		if !c.JSON {
			fmt.Fprintf(s.stderr, "\r%-28s %12d of %d rows ", table, done, total)
		}
	}})
	if err != nil {
		return err
	}
	if c.JSON {
		return s.printJSON(moved)
	}
	fmt.Fprintf(s.stderr, "\r%-50s\r", "")
	for _, m := range moved {
		fmt.Fprintf(s.stdout, "%-28s %12d rows, equal\n", m.Table, m.Rows)
	}
	fmt.Fprintf(s.stdout, "Copied. Start with PARLEY_DATABASE set to the new address, and with the same root key and custody folder (%s).\n", cfg.Data)
	return nil
}
