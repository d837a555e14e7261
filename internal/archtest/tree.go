package archtest

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// file is one Go file of the tree.
type file struct {
	path      string // from the root, with slashes
	test      bool
	generated bool
	lines     int
	fset      *token.FileSet
	ast       *ast.File
	// names maps the name an import has in this file to its path.
	names map[string]string
}

// tree is a module's source.
type tree struct {
	module string
	page   string
	// pkgs maps a folder to its Go files.
	pkgs map[string][]*file
	// screens are the front end's source files with their number of lines.
	screens map[string]int
	allow   []allowance
}

func (t *tree) dirs() []string { return slices.Sorted(maps.Keys(t.pkgs)) }

// read loads the tree at a root folder.
func read(root fs.FS) (*tree, error) {
	t := &tree{pkgs: map[string][]*file{}, screens: map[string]int{}}
	mod, err := fs.ReadFile(root, "go.mod")
	if err != nil {
		return nil, err
	}
	first, _, _ := bytes.Cut(mod, []byte("\n"))
	t.module = strings.TrimSpace(strings.TrimPrefix(string(first), "module "))
	page, err := fs.ReadFile(root, "docs/architecture.md")
	if err != nil {
		return nil, err
	}
	t.page = string(page)
	if t.allow, err = readAllow(root); err != nil {
		return nil, err
	}
	return t, fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // a build or test of another process took it away
		case err != nil:
			return err
		case d.IsDir() && leaveOut(p):
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		return t.add(root, p)
	})
}

func leaveOut(dir string) bool {
	base := path.Base(dir)
	return base == "node_modules" || base == "testdata" || (len(base) > 1 && base[0] == '.') ||
		dir == "bin" || dir == "data" || dir == "web/dist"
}

func (t *tree) add(root fs.FS, p string) error {
	ext := path.Ext(p)
	screen := under(p, "web") && (ext == ".ts" || ext == ".tsx" || ext == ".css")
	if ext != ".go" && !screen {
		return nil
	}
	src, err := fs.ReadFile(root, p)
	if err != nil {
		return err
	}
	head := src[:min(len(src), 400)]
	generated := bytes.Contains(head, []byte("Code generated ")) || bytes.Contains(head, []byte("DO NOT EDIT"))
	lines := bytes.Count(src, []byte("\n"))
	if screen {
		if !generated {
			t.screens[p] = lines
		}
		return nil
	}
	f := &file{path: p, test: strings.HasSuffix(p, "_test.go"), generated: generated, lines: lines,
		fset: token.NewFileSet(), names: map[string]string{}}
	// Object resolution tells a package's variable from a local one of the same
	// name; nothing here needs more than that of types.
	if f.ast, err = parser.ParseFile(f.fset, p, src, parser.ParseComments); err != nil {
		return err
	}
	for _, spec := range f.ast.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		f.names[localName(spec, imported)] = imported
	}
	dir := path.Dir(p)
	t.pkgs[dir] = append(t.pkgs[dir], f)
	return nil
}

func localName(spec *ast.ImportSpec, imported string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	base := path.Base(imported)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(imported))
	}
	return base
}

func (f *file) line(n ast.Node) int { return f.fset.Position(n.Pos()).Line }

// local gives the folder of an import of this module, "" for any other.
func (t *tree) local(imported string) string {
	rest, ok := strings.CutPrefix(imported, t.module+"/")
	if !ok {
		return ""
	}
	return rest
}

// root finds the module's root folder from the current one upwards.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, found := os.Stat(filepath.Join(dir, "go.mod")); found == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("archtest: no go.mod above the current folder")
		}
		dir = filepath.Dir(dir)
	}
	return "", err
}
