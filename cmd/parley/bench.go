package main

import (
	"fmt"
	"os"

	"parley/internal/bench"
)

type benchCmd struct {
	Name      string   `arg:"" help:"What to measure: ${benches}."`
	Folder    string   `arg:"" optional:"" help:"Folder with evaluation data (retrieve, lift, meaning, model)."`
	Engine    string   `enum:"sqlite,postgres" default:"sqlite" help:"Database engine: sqlite or postgres."`
	Knowledge []string `help:"Document that is the knowledge (ask, lift, model); may be given several times."`
	Questions string   `help:"File of questions (ask, lift, model)."`
	URL       string   `help:"Endpoint of a vendor or of an own server, such as http://127.0.0.1:8080/v1: embeddings (meaning), chat completions (model)." name:"url"`
	Model     string   `help:"Model of that endpoint (meaning, model)."`
	Numbers   int      `help:"Dimensions of a vector (meaning); 0 is the model's own." name:"dimensions"`
	Key       string   `help:"Key for that endpoint (meaning, model)." env:"PARLEY_EMBEDDINGS_KEY"`
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
		Questions: c.Questions, URL: c.URL, Model: c.Model, Key: c.Key, Dimensions: c.Numbers, Log: s.stderr})
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
