package main

import "parley/internal/knowledge/child"

// extractCmd reads one file from standard input. The server starts it for each
// file, so that a hostile one takes nothing else down.
type extractCmd struct {
	Name  string `help:"Name of the file; its ending tells kinds of plain text apart."`
	Cache string `help:"Folder for what makes the next PDF faster."`
}

func (c *extractCmd) Run(s *session) error {
	return child.Serve(s.ctx, s.stdin, s.stdout, c.Name, c.Cache)
}
