package archtest

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Finding is one broken rule.
type Finding struct {
	Rule string // short name, as allow.txt uses it
	Path string // file or folder from the root
	Line int    // 0 when the whole file or folder is meant
	Text string // what is wrong and why the rule is there
}

func (f Finding) String() string {
	at := f.Path
	if f.Line > 0 {
		at = fmt.Sprintf("%s:%d", f.Path, f.Line)
	}
	return fmt.Sprintf("%s: %s [%s]", at, f.Text, f.Rule)
}

// check collects findings over one tree.
type check struct {
	*tree
	rules    rules
	findings []Finding
}

// Check holds the module at root to every rule. The error means that the tree
// could not be read, not that a rule is broken.
func Check(root fs.FS) ([]Finding, error) {
	t, err := read(root)
	if err != nil {
		return nil, err
	}
	r, err := parseLayers(t.page)
	if err != nil {
		return nil, err
	}
	c := &check{tree: t, rules: r}
	for _, dir := range t.dirs() {
		c.pkg(dir)
		for _, f := range t.pkgs[dir] {
			c.imports(dir, f)
			c.calls(dir, f)
			c.size(f)
			c.channelNames(dir, f)
		}
		c.globals(dir)
	}
	c.flowPage()
	c.deskSize()
	for p, lines := range t.screens {
		c.fileSize(p, lines)
	}
	for _, a := range t.allow {
		if !a.used {
			c.add(Finding{"allow", allowFile, 0, fmt.Sprintf(
				"the exception %q for %s is not needed any more: remove it, the list only shrinks", a.rule, a.place)})
		}
	}
	slices.SortFunc(c.findings, func(a, b Finding) int { return strings.Compare(a.String(), b.String()) })
	return c.findings, nil
}

func (c *check) add(f Finding) {
	place := f.Path
	if f.Rule == "allow" || !c.allowed(f.Rule, place, 0) {
		c.findings = append(c.findings, f)
	}
}

// layer is the name of the line a package stands on.
func (c *check) layer(dir string) string {
	p, _ := c.rules.find(dir)
	return p.layer.name
}

// product reports whether a file is part of what ships: neither a test nor a
// helper of tests.
func (c *check) product(dir string, f *file) bool {
	return !f.test && c.layer(dir) != free
}

// pkg checks what holds for a package as a whole.
func (c *check) pkg(dir string) {
	if _, ok := c.rules.find(dir); !ok {
		c.add(Finding{"layer", dir, 0,
			"no line of the layers block covers this package: say in docs/architecture.md section 2 where it stands"})
	}
	var first *file
	documented, page, tests := false, false, true
	for _, f := range c.pkgs[dir] {
		if f.test {
			continue
		}
		tests = false
		first = f
		documented = documented || f.ast.Doc != nil
		page = page || path.Base(f.path) == "doc.go"
	}
	if tests {
		return
	}
	name := first.ast.Name.Name
	switch path.Base(dir) {
	case "util", "utils", "common", "helper", "helpers", "models", "types", "base", "misc", "manager":
		name = path.Base(dir)
	}
	switch name {
	case "util", "utils", "common", "helper", "helpers", "models", "types", "base", "misc", "manager":
		c.add(Finding{"name", dir, 0, fmt.Sprintf(
			"a package named %s attracts everything: name it after what it is for", name)})
	}
	if !documented {
		c.add(Finding{"doc", dir, 0,
			"no package comment: say what it is for, what it promises and what it never does"})
	} else if !page && under(dir, "internal") {
		c.add(Finding{"doc", dir, 0, "the package comment belongs in doc.go, where every reader looks first"})
	}
}
