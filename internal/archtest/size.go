package archtest

import (
	"fmt"
	"go/ast"
	"strings"
)

// The limits of section 9. Whoever needs more usually holds two things in one.
const (
	maxFile   = 400 // lines
	maxFunc   = 60  // lines
	maxParams = 5
	maxDesk   = 4000 // lines of desk without tests
)

// size holds one file and its functions to the limits. Tests may have long
// functions: a table is easier to read in one place.
func (c *check) size(f *file) {
	if f.generated {
		return
	}
	c.fileSize(f.path, f.lines)
	for _, d := range f.ast.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || f.test {
			continue
		}
		place := f.path + ":" + fn.Name.Name
		lines := f.fset.Position(fn.End()).Line - f.line(fn) + 1
		if lines > maxFunc && !c.allowed("func", place, lines) {
			c.findings = append(c.findings, Finding{"func", f.path, f.line(fn), fmt.Sprintf(
				"%s has %d lines, more than %d: split it where its comment would say \"and then\"", fn.Name.Name, lines, maxFunc)})
		}
		if n := fn.Type.Params.NumFields(); n > maxParams && !c.allowed("params", place, n) {
			c.findings = append(c.findings, Finding{"params", f.path, f.line(fn), fmt.Sprintf(
				"%s takes %d parameters, more than %d: give the ones that travel together a name", fn.Name.Name, n, maxParams)})
		}
	}
}

func (c *check) fileSize(path string, lines int) {
	if lines > maxFile && !c.allowed("file", path, lines) {
		c.findings = append(c.findings, Finding{"file", path, 0, fmt.Sprintf(
			"%d lines, more than %d: split it by noun or by step", lines, maxFile)})
	}
}

// deskSize is the alarm of section 1: one language of nouns, not a dump.
func (c *check) deskSize() {
	total := 0
	for _, dir := range c.dirs() {
		for _, f := range c.pkgs[dir] {
			if c.layer(dir) == "desk" && !f.test {
				total += f.lines
			}
		}
	}
	if total > maxDesk {
		c.add(Finding{"desk", "internal/desk", 0, fmt.Sprintf(
			"%d lines, more than %d: split the nouns into packages, with an ADR", total, maxDesk)})
	}
}

// flowPage keeps app/flow.go a page of order: what happens inside a step is the
// step's business.
func (c *check) flowPage() {
	for _, f := range c.pkgs["internal/app"] {
		if f.path != "internal/app/flow.go" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			word := ""
			switch n.(type) {
			case *ast.IfStmt:
				word = "if"
			case *ast.ForStmt, *ast.RangeStmt:
				word = "for"
			case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				word = "switch"
			}
			if word != "" {
				c.add(Finding{"flow", f.path, f.line(n), fmt.Sprintf(
					"%s on the page of order: it says what follows what, the feature decides the rest", word)})
			}
			return true
		})
	}
}

// channelNames finds code outside the channels that asks which channel it has.
func (c *check) channelNames(dir string, f *file) {
	if !c.product(dir, f) || under(dir, "internal/channel") {
		return
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		var sides []ast.Expr
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if op := n.Op.String(); op == "==" || op == "!=" {
				sides = []ast.Expr{n.X, n.Y}
			}
		case *ast.CaseClause:
			sides = n.List
		}
		for _, side := range sides {
			if namesChannel(side) {
				c.add(Finding{"channel", f.path, f.line(n),
					"asks which channel this is: ask for a skill (Info.Skills or an interface), so that the next channel needs no change here"})
				break
			}
		}
		return true
	})
}

// namesChannel reports whether an expression is a channel's name: "widget", or
// a constant such as desk.ChannelWidget or KindWidget.
func namesChannel(e ast.Expr) bool {
	name := ""
	switch e := e.(type) {
	case *ast.BasicLit:
		return isChannel(strings.Trim(e.Value, "\"`"))
	case *ast.Ident:
		name = e.Name
	case *ast.SelectorExpr:
		name = e.Sel.Name
	}
	for _, prefix := range []string{"Channel", "ChannelKind", "Kind"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok && isChannel(strings.ToLower(rest)) {
			return true
		}
	}
	return false
}

func isChannel(s string) bool {
	switch s {
	case "instagram", "messenger", "whatsapp", "widget":
		return true
	}
	return false
}
