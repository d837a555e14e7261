package main

import (
	"fmt"
	"os"

	"parley/internal/bench"
)

type benchCmd struct {
	Name      string   `arg:"" help:"What to measure: ${benches}."`
	Folder    string   `arg:"" optional:"" help:"Folder with evaluation data (retrieve, lift)."`
	Engine    string   `enum:"sqlite,postgres" default:"sqlite" help:"Database engine: sqlite or postgres."`
	Knowledge []string `help:"Document that is the knowledge (ask, lift); may be given several times."`
	Questions string   `help:"File of questions (ask, lift)."`
	JSON      bool     `help:"Print one line of JSON per figure."`
}

func (c *benchCmd) Run(s *session) error {
	if c.Name == bench.ClientName { // a bench started this process for its load
		return bench.Client(s.ctx, s.stdin, s.stdout)
	}
	own, err := os.Executable()
	if err != nil {
		return err
	}
	figures, err := bench.Run(s.ctx, c.Name, bench.Options{Program: own, Engine: c.Engine, Folder: c.Folder, Knowledge: c.Knowledge,
		Questions: c.Questions, Log: s.stderr})
	missed := false
	for _, f := range figures {
		missed = missed || !f.Met()
		if c.JSON {
			if err := s.printJSON(f); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintln(s.stdout, f)
	}
	if err == nil && missed {
		return exitError(exitFailed)
	}
	return err
}
