package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// named gives the folders that the tree of the architecture page names: each
// line begins with one or several `name/`, indented under its parent.
func named(t *testing.T, page string) map[string]bool {
	t.Helper()
	_, rest, found := strings.Cut(page, "## 1. Package tree\n\n```\n")
	block, _, closed := strings.Cut(rest, "\n```")
	if !found || !closed {
		t.Fatal("docs/architecture.md has no tree in section 1")
	}
	line := regexp.MustCompile(`^( *)((?:[a-z0-9.]+/[a-z0-9/]*(?: |$))+)`)
	folders := map[string]bool{}
	above := []string{}
	for l := range strings.Lines(block) {
		m := line.FindStringSubmatch(strings.TrimRight(l, "\n"))
		if m == nil {
			continue
		}
		depth := len(m[1]) / 2
		if depth > len(above) {
			t.Fatalf("%q hangs under nothing", strings.TrimSpace(l))
		}
		names := strings.Fields(m[2])
		for _, name := range names {
			folders[strings.Join(append(above[:depth:depth], strings.Trim(name, "/")), "/")] = true
		}
		above = append(above[:depth:depth], strings.Trim(names[0], "/"))
	}
	return folders
}

func TestTheTreeOfThePageIsTheTreeThereIs(t *testing.T) {
	t.Parallel()
	root, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(root, "docs/architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	folders := named(t, string(page))
	for f := range folders {
		if info, err := os.Stat(filepath.Join(root, f)); err != nil || !info.IsDir() {
			t.Errorf("docs/architecture.md names %s/, which is not there", f)
		}
	}
	for _, above := range []string{"internal", "sim", "test", "internal/channel", "internal/llm"} {
		there, err := os.ReadDir(filepath.Join(root, above))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range there {
			if at := above + "/" + d.Name(); d.IsDir() && !folders[at] {
				t.Errorf("%s/ is not in the tree of docs/architecture.md", at)
			}
		}
	}
}
