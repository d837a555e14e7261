package main

import (
	"errors"
	"fmt"

	"parley/internal/demo"
)

type simulateCmd struct {
	Listen string `default:"127.0.0.1:8090" help:"Address and port of the simulator, on this machine."`
	Parley string `default:"http://127.0.0.1:8080" help:"Address of the Parley it talks to, on this machine."`
	JSON   bool   `help:"Print one line of JSON with the address and the settings Parley needs."`
}

func (c *simulateCmd) Run(s *session) error {
	err := demo.Simulate(s.ctx, demo.SimulateOptions{Listen: c.Listen, Parley: c.Parley, Ready: func(r demo.Simulated) error {
		if c.JSON {
			return s.printJSON(r)
		}
		_, err := fmt.Fprint(s.stdout, r.Text())
		return err
	}})
	if errors.Is(err, demo.ErrElsewhere) {
		return usageError{err}
	}
	return stopped(s.ctx, err)
}
