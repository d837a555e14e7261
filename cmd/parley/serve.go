package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"parley/internal/app"
	"parley/internal/demo"
	"parley/internal/desk"
)

type serveCmd struct {
	where
	Listen      string `help:"Address and port of the main listener (PARLEY_LISTEN)."`
	AdminListen string `help:"Address and port for /metrics (PARLEY_ADMIN_LISTEN)."`
	PublicURL   string `help:"The address people reach this install at (PARLEY_PUBLIC_URL)."`
}

func (c *serveCmd) Run(s *session) error { return stopped(s.ctx, c.serve(s)) }

func (c *serveCmd) serve(s *session) error {
	flags := c.where.flags()
	flags["PARLEY_LISTEN"], flags["PARLEY_ADMIN_LISTEN"], flags["PARLEY_PUBLIC_URL"] = c.Listen, c.AdminListen, c.PublicURL
	cfg, err := settings(flags)
	if err != nil {
		return err
	}
	in, err := app.Open(s.ctx, cfg, s.logger())
	if err != nil {
		return err
	}
	var a *app.App
	if in.Program, err = os.Executable(); err == nil {
		err = in.Bind()
	}
	if err == nil {
		a, err = app.Build(s.ctx, in)
	}
	if err == nil {
		err = a.Serve(s.ctx, func(ready app.Ready) { announce(s, ready) })
	}
	return errors.Join(err, in.Close())
}

// announce tells the person who started the server where to go.
func announce(s *session, ready app.Ready) {
	fmt.Fprintf(s.stdout, "Parley is ready: %s\n", ready.URL)
	if ready.FirstOwner != "" {
		fmt.Fprintf(s.stdout, "Nobody can sign in yet. Open this link once, within 24 hours, to become the owner:\n  %s\n", ready.FirstOwner)
	}
}

type demoCmd struct {
	Data   string `help:"Folder for the demo's data; a temporary one when empty."`
	Listen string `default:"127.0.0.1:8080" help:"Address and port on this machine."`
	JSON   bool   `help:"Print one line of JSON with the addresses and the sign-in."`
}

func (c *demoCmd) Run(s *session) error {
	own, err := os.Executable()
	if err != nil {
		return err
	}
	return stopped(s.ctx, demo.Run(s.ctx, demo.Options{Program: own, Data: c.Data, Listen: c.Listen, Log: s.logger(), Ready: func(r demo.Ready) error {
		if c.JSON {
			return s.printJSON(r)
		}
		_, err := fmt.Fprint(s.stdout, r.Text())
		return err
	}}))
}

// stopped leaves out of an error what came of somebody's stopping what runs until it
// is stopped, also while it was starting: that is no failure.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var rest []error
		for _, one := range several.Unwrap() {
			rest = append(rest, stopped(ctx, one))
		}
		return errors.Join(rest...)
	}
	// A database whose question was broken off says no more than that it does not answer.
	if errors.Is(err, context.Canceled) || desk.CodeOf(err) == desk.Unavailable {
		return nil
	}
	return err
}

type versionCmd struct {
	SBOM bool `name:"sbom" help:"Print what the program is built of, with licences, as CycloneDX."`
}

func (c versionCmd) Run(s *session) error {
	if info, ok := debug.ReadBuildInfo(); ok && c.SBOM {
		bill, err := app.Bill(info, app.Version())
		if err == nil {
			_, err = fmt.Fprintf(s.stdout, "%s\n", bill)
		}
		return err
	}
	_, err := fmt.Fprintln(s.stdout, "parley", app.Version())
	return err
}
