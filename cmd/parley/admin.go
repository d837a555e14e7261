package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/kit/config"
	"parley/internal/kit/log"
)

// where says which install a verb is about.
type where struct {
	Data         string `help:"Data folder (PARLEY_DATA)."`
	Database     string `help:"postgres://… instead of SQLite in the data folder (PARLEY_DATABASE)."`
	KeysDatabase string `help:"postgres://… for the wrapped keys (PARLEY_KEYS_DATABASE)."`
}

func (w where) flags() map[string]string {
	return map[string]string{"PARLEY_DATA": w.Data, "PARLEY_DATABASE": w.Database, "PARLEY_KEYS_DATABASE": w.KeysDatabase}
}

// settings reads the environment; what a flag says wins.
func settings(flags map[string]string) (config.Config, error) {
	cfg, err := config.FromEnvironment(flags)
	if err != nil {
		return cfg, usageError{err}
	}
	return cfg, nil
}

// logger writes JSON lines to standard error.
func (s *session) logger() *slog.Logger { return log.New(s.stderr, false, slog.LevelInfo) }

// withControl calls fn on the running install of the data folder, or opens the
// install for it.
func (s *session) withControl(at where, fn func(app.Control) error) error {
	cfg, err := settings(at.flags())
	if err != nil {
		return err
	}
	if c, ok := app.Dial(s.ctx, cfg.Data); ok {
		return fn(c)
	}
	in, err := app.Open(s.ctx, cfg, s.logger())
	if err != nil {
		return err
	}
	a, err := app.Build(s.ctx, in)
	if err == nil {
		err = fn(a)
	}
	return errors.Join(err, in.Close())
}

func (s *session) printJSON(v any) error { return json.NewEncoder(s.stdout).Encode(v) }

type userCmd struct {
	Add          userAddCmd   `cmd:"" help:"Add a member to a workspace; the workspace is made when absent."`
	ResetFactors userResetCmd `cmd:"" help:"Take every second factor from a member who lost them; ends their sign-ins and tells them by mail."`
}

type userResetCmd struct {
	Workspace string `required:"" help:"Name of the workspace."`
	Email     string `required:"" help:"E-mail address they sign in with."`
	where
}

func (c *userResetCmd) Run(s *session) error {
	return s.withControl(c.where, func(ctl app.Control) error {
		done, err := ctl.ResetFactors(s.ctx, app.ResetFactors{Workspace: c.Workspace, Email: c.Email})
		if err != nil {
			return err
		}
		return s.printJSON(done)
	})
}

type userAddCmd struct {
	Workspace     string `required:"" help:"Name of the workspace."`
	Email         string `required:"" help:"E-mail address to sign in with."`
	Name          string `required:"" help:"Name that colleagues see."`
	Role          string `required:"" enum:"owner,admin,agent,analyst,billing,privacy,operator" help:"owner, admin, agent, analyst, billing, privacy or operator."`
	PasswordStdin bool   `required:"" help:"Read the password from the first line of standard input."`
	where
}

func (c *userAddCmd) Run(s *session) error {
	password, err := firstLine(s.stdin)
	if err != nil {
		return err
	}
	return s.withControl(c.where, func(ctl app.Control) error {
		added, err := ctl.AddUser(s.ctx, app.AddUser{Workspace: c.Workspace, Email: c.Email, Name: c.Name,
			Role: desk.Role(c.Role), Password: password})
		if err != nil {
			return err
		}
		return s.printJSON(added)
	})
}

// firstLine reads a password: one line, without its end.
func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("standard input: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", usageError{errors.New("--password-stdin: the first line of standard input is empty")}
	}
	return line, nil
}

type keyCmd struct {
	Add    keyAddCmd    `cmd:"" help:"Add an API key; its token is printed this once."`
	List   keyListCmd   `cmd:"" help:"Show how old the keys are that everything is sealed with; never the keys."`
	Rotate keyRotateCmd `cmd:"" help:"Change the root key and every workspace's key, while the server runs."`
}

type keyAddCmd struct {
	Workspace string   `required:"" help:"Name of the workspace."`
	Name      string   `required:"" help:"What the key is for."`
	Role      string   `required:"" enum:"owner,admin,agent,analyst,billing,privacy" help:"What the key may do."`
	Scope     []string `help:"Cut it to these permissions of its role, such as conversation.read; docs/access.md lists them. Left out: all of them."`
	Expires   int      `default:"365" help:"Days until it ends, at most 365."`
	where
}

func (c *keyAddCmd) Run(s *session) error {
	if c.Expires < 1 {
		return usageError{errors.New("--expires: a key lives for at least a day")}
	}
	var scopes []desk.Permission
	for _, one := range c.Scope {
		scopes = append(scopes, desk.Permission(one))
	}
	return s.withControl(c.where, func(ctl app.Control) error {
		added, err := ctl.AddKey(s.ctx, app.AddKey{Workspace: c.Workspace, Name: c.Name, Role: desk.Role(c.Role), Scopes: scopes, Days: c.Expires})
		if err != nil {
			return err
		}
		return s.printJSON(added)
	})
}

type doctorCmd struct {
	where
	JSON bool `help:"Print the findings as JSON."`
}

func (c *doctorCmd) Run(s *session) error {
	return s.withControl(c.where, func(ctl app.Control) error {
		findings, err := ctl.Doctor(s.ctx)
		if err != nil {
			return err
		}
		failed := false
		for _, f := range findings {
			failed = failed || f.State == app.Fail
			if !c.JSON {
				fmt.Fprintf(s.stdout, "%-4s  %-14s %s\n", f.State, f.Name, f.Text)
			}
		}
		if c.JSON {
			if err := s.printJSON(findings); err != nil {
				return err
			}
		}
		if failed {
			return exitError(exitFailed)
		}
		return nil
	})
}

type workspaceCmd struct {
	Set     workspaceSetCmd     `cmd:"" help:"Say what a workspace may use."`
	Suspend workspaceSuspendCmd `cmd:"" help:"Stop a workspace: its members see why and may appeal, nothing leaves it, what arrives is kept."`
	Lift    workspaceLiftCmd    `cmd:"" help:"End a suspension."`
	Import  workspaceImportCmd  `cmd:"" help:"Bring a workspace that parley export wrote, all of it or nothing."`
}

type workspaceSuspendCmd struct {
	Name   string `arg:"" help:"Name of the workspace."`
	Reason string `required:"" help:"Why: its members read it."`
	where
}

func (c *workspaceSuspendCmd) Run(s *session) error {
	return s.suspend(c.where, app.SuspendWorkspace{Workspace: c.Name, Reason: c.Reason})
}

type workspaceLiftCmd struct {
	Name   string `arg:"" help:"Name of the workspace."`
	Reason string `required:"" help:"Why it ends."`
	where
}

func (c *workspaceLiftCmd) Run(s *session) error {
	return s.suspend(c.where, app.SuspendWorkspace{Workspace: c.Name, Reason: c.Reason, Lift: true})
}

func (s *session) suspend(at where, in app.SuspendWorkspace) error {
	return s.withControl(at, func(ctl app.Control) error {
		done, err := ctl.SuspendWorkspace(s.ctx, in)
		if err != nil {
			return err
		}
		return s.printJSON(done)
	})
}

type workspaceSetCmd struct {
	Name        string   `arg:"" help:"Name of the workspace."`
	Entitlement []string `help:"What it may use besides what everybody may: whatsapp."`
	Without     []string `help:"What it may use no more. Sending stops, reading stays."`
	where
}

func (c *workspaceSetCmd) Run(s *session) error {
	return s.withControl(c.where, func(ctl app.Control) error {
		set, err := ctl.SetWorkspace(s.ctx, app.SetWorkspace{Workspace: c.Name, Entitlement: c.Entitlement, Without: c.Without})
		if err != nil {
			return err
		}
		return s.printJSON(set)
	})
}
