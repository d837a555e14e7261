// Command withpg runs one command with a throw-away PostgreSQL for all test
// processes below it, and ends with that command's exit status:
//
//	go run ./test/withpg go test ./...
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"parley/test/pgtest"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withpg COMMAND [ARGUMENT…]")
		os.Exit(2)
	}
	status, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpg:", err)
	}
	os.Exit(status)
}

func run(command []string) (int, error) {
	// An interrupt goes to the command as well; we outlive it to clean up.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server, err := pgtest.Start(ctx, pgtest.Options{})
	if err != nil {
		return 2, err
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), pgtest.EnvServer+"="+server.URL("postgres"))
	ran := cmd.Run()
	stopped := server.Stop()
	var exit *exec.ExitError
	if errors.As(ran, &exit) {
		return max(exit.ExitCode(), 1), stopped
	}
	if ran != nil {
		return 1, errors.Join(ran, stopped)
	}
	return 0, stopped
}
