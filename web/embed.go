package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// FS returns the built front end with its root at dist: "index.html",
// "assets/…", "w/…" and their ".br" and ".gz" siblings. Without a web build
// it holds one file, the placeholder index.html.
func FS() fs.FS {
	root, err := fs.Sub(dist, "dist")
	if err != nil {
		return dist // unreachable: "dist" is a valid path known at compile time
	}
	return site{root}
}

// site answers "index.html" with the built page where there is one. The build
// writes app.html and leaves the committed placeholder index.html alone, so a
// build never leaves the working tree changed.
type site struct{ files fs.FS }

func (s site) Open(name string) (fs.File, error) {
	if name == "index.html" {
		if f, err := s.files.Open("app.html"); err == nil {
			return f, nil
		}
	}
	return s.files.Open(name)
}
