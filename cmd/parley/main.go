package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"parley/internal/bench"
	"parley/internal/desk"
)

// Exit codes of the outer interface.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// commands is every verb with its flags.
type commands struct {
	Serve     serveCmd     `cmd:"" help:"Run Parley for a business."`
	Demo      demoCmd      `cmd:"" help:"Run a self-contained install with a sample shop, knowledge and conversations."`
	Simulate  simulateCmd  `cmd:"" help:"Stand in for Instagram, Messenger and WhatsApp, with three phones to write from."`
	Migrate   migrateCmd   `cmd:"" help:"Bring the database to this version, or copy a SQLite install to PostgreSQL."`
	Doctor    doctorCmd    `cmd:"" help:"Look an install over and say what is wrong and how to mend it."`
	Workspace workspaceCmd `cmd:"" help:"Set what a workspace may use, stop one, bring one from another install."`
	User      userCmd      `cmd:"" help:"Add people who sign in."`
	Key       keyCmd       `cmd:"" help:"Add API keys; look over and change the keys that everything is sealed with."`
	Privacy   privacyCmd   `cmd:"" help:"Carry out what people ask about their data."`
	Erase     eraseCmd     `cmd:"" help:"Count what is held of one person, erase it, and get a signed certificate."`
	Export    exportCmd    `cmd:"" help:"Write all that a workspace holds to a file that any program reads, and parley workspace import brings back."`
	MailIn    mailInCmd    `cmd:"" name:"mail-in" help:"Take one mail to a privacy address from standard input, for a mail alias."`
	Mail      mailCmd      `cmd:"" help:"Try the mail server, and look at the letters that members get."`
	Audit     auditCmd     `cmd:"" help:"Check the record of who did what, and what the install signed."`
	Backup    backupCmd    `cmd:"" help:"Save the install, encrypted, to a place apart."`
	Restore   restoreCmd   `cmd:"" help:"Bring an install back from its backups, or check that one could."`
	Prove     proveCmd     `cmd:"" help:"Carry out the checks of the policy on a scratch program, and say of each clause whether it is proven."`
	Bench     benchCmd     `cmd:"" help:"Measure a figure against its bound on this machine."`
	Extract   extractCmd   `cmd:"" hidden:"" help:"Read one file from standard input, as the server does."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
}

// session is what every verb gets.
type session struct {
	ctx    context.Context
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
}

func main() { os.Exit(run(os.Args[1:])) }

// usageError is a mistake in the command line: exit code 2.
type usageError struct{ error }

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s := &session{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	code, done := exitOK, false
	parser, err := kong.New(&commands{}, kong.Name("parley"), kong.Vars{"benches": strings.Join(bench.Names(), ", ")},
		kong.Description("Answers a business's customers with what the business knows, and lets people take over."),
		kong.UsageOnError(), kong.Writers(s.stdout, s.stderr),
		kong.Exit(func(c int) { code, done = c, true }))
	if err != nil {
		return report(s, err)
	}
	k, err := parser.Parse(args)
	if done { // --help
		return code
	}
	if err != nil {
		fmt.Fprintf(s.stderr, "parley: %v\n", err)
		return exitUsage
	}
	return report(s, k.Run(s))
}

// report prints a failure in one line and chooses the exit code.
func report(s *session, err error) int {
	if err == nil {
		return exitOK
	}
	var usage usageError
	var quiet exitError
	switch {
	case errors.As(err, &quiet):
		return int(quiet)
	case errors.As(err, &usage):
		fmt.Fprintf(s.stderr, "parley: %v\n", err)
		return exitUsage
	}
	if s.ctx.Err() != nil && errors.Is(err, context.Canceled) {
		fmt.Fprintln(s.stderr, "parley: stopped before it was done")
		return exitFailed
	}
	var known *desk.Error
	if errors.As(err, &known) && known.Code == desk.Invalid {
		fmt.Fprintf(s.stderr, "parley: %s\n", known.Text)
		return exitFailed
	}
	fmt.Fprintf(s.stderr, "parley: %v\n", err)
	return exitFailed
}

// exitError ends with a code after everything was printed.
type exitError int

func (e exitError) Error() string { return "failed" }
