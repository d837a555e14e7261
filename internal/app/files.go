package app

import (
	"path/filepath"

	"parley/internal/knowledge"
	"parley/internal/knowledge/child"
)

// files reads files in a process of the program's own; nil when it is not known.
func files(in *Install) knowledge.Reader {
	folder, err := filepath.Abs(filepath.Join(in.Config.Data, "cache", "pdf"))
	if in.Program == "" || err != nil {
		return nil
	}
	return child.Reader{Program: in.Program, Args: []string{"extract"}, Cache: folder}
}
