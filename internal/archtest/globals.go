package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
)

// globals finds package-level variables of product code that are, or may be,
// written after the program has started. A table or an error that nobody writes
// is fine.
func (c *check) globals(dir string) {
	written := map[string][]*ast.Ident{}
	for _, f := range c.pkgs[dir] {
		if c.product(dir, f) {
			collectWrites(f.ast, written)
		}
	}
	for _, f := range c.pkgs[dir] {
		if !c.product(dir, f) {
			continue
		}
		for _, d := range f.ast.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.VAR {
				continue
			}
			for _, s := range decl.Specs {
				spec := s.(*ast.ValueSpec)
				if !embedded(decl, spec) {
					c.variable(f, spec, written)
				}
			}
		}
	}
}

func (c *check) variable(f *file, spec *ast.ValueSpec, written map[string][]*ast.Ident) {
	for i, name := range spec.Names {
		if name.Name == "_" {
			continue
		}
		why := ""
		switch {
		case slices.ContainsFunc(written[name.Name], func(w *ast.Ident) bool { return w.Obj == nil || w.Obj.Decl == spec }):
			why = "is written after the start"
		case i >= len(spec.Values):
			why = "has no value, so it is there to be written"
		case !c.constant(f, spec.Values[i]):
			why = "is made by a call or can change inside"
		}
		if why != "" {
			c.add(Finding{"global", f.path, f.line(name), fmt.Sprintf(
				"the package variable %s %s: state belongs to a value that Build makes", name.Name, why)})
		}
	}
}

// constant reports whether a value stays what it is: literals, functions, and
// calls known to give something nobody can change.
func (c *check) constant(f *file, e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return true // a literal, a function, a name or a conversion-free expression; writes are looked for apart
	}
	switch fn := call.Fun.(type) {
	case *ast.SelectorExpr:
		return slices.Contains([]string{
			"errors.New", "fmt.Errorf", "regexp.MustCompile", "html/template.Must", "text/template.Must",
			"strings.NewReplacer", "net/netip.MustParsePrefix", "net/netip.MustParseAddr",
			"sync.OnceValue", "sync.OnceValues", "reflect.TypeFor", "math.Log", "time.Date",
			"golang.org/x/text/language.MustParse", "encoding/base64.NewEncoding", "encoding/base32.NewEncoding",
			"math.Sqrt", "math.Pow", c.module + "/internal/desk.Fail",
		}, f.imported(fn.X)+"."+fn.Sel.Name)
	case *ast.ArrayType:
		return true // a conversion such as []byte("x")
	}
	return false
}

// collectWrites notes every package-level name that a file assigns, counts up,
// takes the address of, or changes an element or field of.
func collectWrites(f *ast.File, into map[string][]*ast.Ident) {
	note := func(e ast.Expr) {
		if id := owner(e); id != nil && packageLevel(id) {
			into[id.Name] = append(into[id.Name], id)
		}
	}
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					for _, left := range n.Lhs {
						note(left)
					}
				}
			case *ast.IncDecStmt:
				note(n.X)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					note(n.X)
				}
			case *ast.CallExpr:
				if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "delete" || id.Name == "clear") && len(n.Args) > 0 {
					note(n.Args[0])
				}
			}
			return true
		})
	}
}

// owner is the variable at the bottom of x.f[i].g.
func owner(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// packageLevel reports whether a name is one of the package: declared in
// another file, or by a var declaration outside any function.
func packageLevel(id *ast.Ident) bool {
	if id.Obj == nil {
		return true
	}
	_, ok := id.Obj.Decl.(*ast.ValueSpec)
	return ok && id.Obj.Kind == ast.Var
}

func embedded(decl *ast.GenDecl, spec *ast.ValueSpec) bool {
	for _, doc := range []*ast.CommentGroup{decl.Doc, spec.Doc} {
		if doc == nil {
			continue
		}
		for _, line := range doc.List {
			if len(line.Text) > 10 && line.Text[:10] == "//go:embed" {
				return true
			}
		}
	}
	return false
}
