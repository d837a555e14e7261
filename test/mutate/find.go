package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// check is one place where somebody may be refused.
type check struct {
	No   int
	File string // from the tree's root
	Func string
	Text string // the condition as it is written
}

// Name is how a check is called in the lists: it holds while lines move.
func (c check) Name() string { return c.File + " " + c.Func + ": " + c.Text }

// source is one file with its checks turned into questions.
type source struct {
	path   string
	text   []byte
	checks []check
}

// edit replaces the bytes from..to of a file.
type edit struct {
	from, to int
	text     string
}

// find reads a file and numbers its checks from first on.
func find(root, path string, first int) (source, error) {
	raw, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		return source{}, err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, raw, 0)
	if err != nil {
		return source{}, err
	}
	s := source{path: path}
	var edits []edit
	names := refusals(file)
	at := func(p token.Pos) int { return fset.Position(p).Offset }
	for _, d := range file.Decls {
		fn, is := d.(*ast.FuncDecl)
		if !is || fn.Body == nil {
			continue
		}
		note := func(said, from, to token.Pos, before, after string) {
			text := strings.Join(strings.Fields(string(raw[at(said):at(to)])), " ")
			c := check{No: first + len(s.checks), File: path, Func: fn.Name.Name, Text: text}
			s.checks = append(s.checks, c)
			edits = append(edits, edit{at(from), at(from), fmt.Sprintf(before, c.No)}, edit{at(to), at(to), after})
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.IfStmt:
				if refuses(n, names) {
					note(n.If, n.Cond.Pos(), n.Cond.End(), "!parleyMutant(%d) && (", ")")
				}
			case *ast.CallExpr:
				if asks(n) {
					note(n.Pos(), n.Pos(), n.End(), "(parleyMutant(%d) || ", ")")
				}
			}
			return true
		})
	}
	edits = append(edits, needs(file, at)...)
	s.text, err = format.Source(apply(raw, edits))
	return s, err
}

func apply(raw []byte, edits []edit) []byte {
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].from < edits[j].from })
	var out bytes.Buffer
	last := 0
	for _, e := range edits {
		out.Write(raw[last:e.from])
		out.WriteString(e.text)
		last = e.to
	}
	out.Write(raw[last:])
	return out.Bytes()
}

// refusal finds the errors that say no to somebody, as they are made.
var refusal = regexp.MustCompile(`^(desk\.Fail\(|&desk\.Error\{Code: )desk\.(Forbidden|Unauthenticated|TooMany)\b`)

// refusals are the names in a file that stand for such an error: of a variable,
// or of a function that does nothing but make one.
func refusals(file *ast.File) map[string]bool {
	names := map[string]bool{"errHeld": true}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if len(n.Rhs) == 1 && refusal.MatchString(spelt(n.Rhs[0])) {
				names[spelt(n.Lhs[0])] = true
			}
		case *ast.ValueSpec:
			if len(n.Values) == 1 && refusal.MatchString(spelt(n.Values[0])) {
				names[n.Names[0].Name] = true
			}
		case *ast.FuncDecl:
			if n.Body != nil && len(n.Body.List) == 1 {
				if ret, is := n.Body.List[0].(*ast.ReturnStmt); is && len(ret.Results) == 1 && refusal.MatchString(spelt(ret.Results[0])) {
					names[n.Name.Name] = true
				}
			}
		}
		return true
	})
	return names
}

// refuses reports whether an if ends by refusing: it returns one of those errors,
// or the error of the check it has just made itself.
func refuses(n *ast.IfStmt, names map[string]bool) bool {
	if len(n.Body.List) == 0 {
		return false
	}
	ret, is := n.Body.List[len(n.Body.List)-1].(*ast.ReturnStmt)
	if !is || len(ret.Results) == 0 {
		return false
	}
	last := spelt(ret.Results[len(ret.Results)-1])
	name, _, _ := strings.Cut(last, "(")
	if refusal.MatchString(last) || names[name[strings.LastIndex(name, ".")+1:]] {
		return true
	}
	made, is := n.Init.(*ast.AssignStmt)
	if !is || len(made.Rhs) != 1 || len(made.Lhs) != 1 {
		return false
	}
	call, is := made.Rhs[0].(*ast.CallExpr)
	return is && checker.MatchString(spelt(call.Fun)) && last != "nil"
}

// checker finds what checks and answers with a refusal alone.
var checker = regexp.MustCompile(`(^|\.)(owing|sameSite|take|identify|admit|manages|mayPublish|fresh|spend|allow[a-z]*|may[A-Z]\w*|accept)$`)

// asks reports whether a call is the question whether somebody may.
func asks(n *ast.CallExpr) bool {
	sel, is := n.Fun.(*ast.SelectorExpr)
	if !is {
		id, is := n.Fun.(*ast.Ident)
		return is && id.Name == "allows"
	}
	return slices.Contains([]string{"May", "may", "MayManage", "Fresh"}, sel.Sel.Name)
}

// needs turns every route's need and its wish for a fresh proof into a question
// that is answered for all of them at once: the matrix names each that changed.
func needs(file *ast.File, at func(token.Pos) int) (edits []edit) {
	ast.Inspect(file, func(n ast.Node) bool {
		lit, is := n.(*ast.CompositeLit)
		if !is || spelt(lit.Type) != "Route" {
			return true
		}
		for _, e := range lit.Elts {
			kv, is := e.(*ast.KeyValueExpr)
			if !is {
				continue
			}
			word := map[string]string{"Needs": "parleyNeed(", "Fresh": "parleyFresh("}[spelt(kv.Key)]
			if word != "" {
				edits = append(edits, edit{at(kv.Value.Pos()), at(kv.Value.Pos()), word}, edit{at(kv.Value.End()), at(kv.Value.End()), ")"})
			}
		}
		return true
	})
	return edits
}

func spelt(n ast.Node) string {
	var b bytes.Buffer
	if n == nil || format.Node(&b, token.NewFileSet(), n) != nil {
		return ""
	}
	return b.String()
}
