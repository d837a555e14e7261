package archtest

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// ban is a set of names that product code uses only where listed.
type ban struct {
	rule  string
	pkg   string   // import path
	names []string // of that package
	only  []string // folders or layers where it may be used
	why   string
}

func bans() []ban {
	return []ban{
		{"time", "time", []string{"Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick"},
			[]string{"internal/kit/clock"}, "time and timers come from kit/clock, so that a test can move them"},
		{"env", "os", []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"},
			[]string{"internal/kit/config", "cmd"}, "settings come from kit/config, where they are described and checked"},
		{"exit", "os", []string{"Exit"}, []string{"cmd"}, "only main ends the program: everywhere else an error is returned"},
		{"exit", "log", []string{"Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln"}, nil,
			"only main ends the program: everywhere else an error is returned"},
		{"exec", "os/exec", []string{"Command", "CommandContext"}, []string{"tool", "cmd"},
			"a server that starts programs is a way in: what must run apart starts in internal/knowledge/child"},
		{"http", "net/http", []string{"Get", "Head", "Post", "PostForm", "DefaultClient", "DefaultTransport", "Client", "Transport"},
			[]string{"internal/kit/httpx", "tool", "cmd"},
			"outgoing calls go through kit/httpx, which knows their purpose and refuses the rest"},
		{"http", "net", []string{"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix", "Dialer"},
			[]string{"internal/kit/httpx", "tool", "cmd"},
			"outgoing connections go through kit/httpx, which knows their purpose and refuses the rest"},
	}
}

// calls holds one file to the bans and to the rules about single statements.
func (c *check) calls(dir string, f *file) {
	product := c.product(dir, f)
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			c.selector(dir, f, n, product)
		case *ast.CallExpr:
			c.call(f, n, product)
		case *ast.FuncDecl:
			if product && n.Recv == nil && n.Name.Name == "init" {
				c.add(Finding{"init", f.path, f.line(n),
					"func init runs before anyone asked: give main or Build a call to make"})
			}
		case *ast.AssignStmt:
			c.foreignWrite(f, n, product)
			for _, left := range n.Lhs {
				c.unchecked(f, left, n)
			}
		case *ast.KeyValueExpr:
			c.unchecked(f, n.Key, n)
		}
		return true
	})
}

func (c *check) selector(dir string, f *file, n *ast.SelectorExpr, product bool) {
	pkg := f.imported(n.X)
	if pkg == "" {
		return
	}
	if pkg == "time" && n.Sel.Name == "Sleep" {
		c.add(Finding{"sleep", f.path, f.line(n),
			"nothing sleeps, tests least of all: wait for the event, or move a clock.Fake"})
	}
	if !product {
		return
	}
	for _, b := range bans() {
		here := slices.ContainsFunc(b.only, func(o string) bool { return under(dir, o) || c.layer(dir) == o })
		if pkg == b.pkg && slices.Contains(b.names, n.Sel.Name) && !here {
			c.add(Finding{b.rule, f.path, f.line(n), fmt.Sprintf("uses %s.%s, but %s", pkg, n.Sel.Name, b.why)})
		}
	}
}

func (c *check) call(f *file, n *ast.CallExpr, product bool) {
	switch fn := n.Fun.(type) {
	case *ast.Ident:
		if product && fn.Name == "panic" && fn.Obj == nil {
			c.add(Finding{"panic", f.path, f.line(n),
				"product code returns errors: a panic takes other people's conversations down with it"})
		}
	case *ast.SelectorExpr:
		x, ok := fn.X.(*ast.Ident)
		if ok && f.test && strings.HasPrefix(fn.Sel.Name, "Skip") && (x.Name == "t" || x.Name == "tb" || x.Name == "b") {
			c.add(Finding{"skip", f.path, f.line(n),
				"no test is skipped: a promise that is not checked here is not checked"})
		}
	}
}

// unchecked finds TLS that believes whoever answers, or that is too old; tests
// and stand-ins bring certificates of their own and need neither.
func (c *check) unchecked(f *file, set ast.Expr, n ast.Node) {
	name, old := "", false
	switch x := set.(type) {
	case *ast.Ident:
		name = x.Name
	case *ast.SelectorExpr:
		name = x.Sel.Name
	}
	ast.Inspect(n, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		old = old || ok && slices.Contains([]string{"VersionSSL30", "VersionTLS10", "VersionTLS11"}, sel.Sel.Name)
		return true
	})
	switch {
	case name == "InsecureSkipVerify":
		c.add(Finding{"tls", f.path, f.line(n), "TLS without a look at the certificate protects from nobody: name the roots instead"})
	case name == "MinVersion" && old:
		c.add(Finding{"tls", f.path, f.line(n), "TLS begins at 1.2"})
	}
}

// foreignWrite finds assignments to another package's variable.
func (c *check) foreignWrite(f *file, n *ast.AssignStmt, product bool) {
	if !product {
		return
	}
	for _, left := range n.Lhs {
		if sel, ok := left.(*ast.SelectorExpr); ok && f.imported(sel.X) != "" {
			c.add(Finding{"global", f.path, f.line(n),
				"sets another package's variable: two Apps in one process would share it"})
		}
	}
}

// imported gives the import path an identifier stands for, "" when it stands
// for something else.
func (f *file) imported(x ast.Expr) string {
	id, ok := x.(*ast.Ident)
	if !ok || id.Obj != nil {
		return ""
	}
	return f.names[id.Name]
}
