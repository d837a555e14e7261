package archtest

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

func TestTheTreeKeepsItsRules(t *testing.T) {
	t.Parallel()
	root, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	findings, err := Check(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Error(f)
	}
}

// Each archive in testdata is a small tree; its comment lists what must be
// found: path, optional line, rule and a word of the reason. Nothing else may be
// found.
func TestEveryRuleCanFail(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no trees in testdata", err)
	}
	for _, a := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(a), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(a)
			if err != nil {
				t.Fatal(err)
			}
			findings, err := Check(withFrame(t, archive))
			if err != nil {
				t.Fatal(err)
			}
			wants := wanted(string(archive.Comment))
			for _, f := range findings {
				if !take(wants, f.String()) {
					t.Errorf("not expected: %s", f)
				}
			}
			for w, open := range wants {
				if open {
					t.Errorf("not found: %s", w)
				}
			}
		})
	}
}

// withFrame adds what every module has, so that an archive shows only its point.
func withFrame(t *testing.T, archive *txtar.Archive) fs.FS {
	t.Helper()
	root, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	tree := fstest.MapFS{
		"go.mod":               {Data: []byte("module parley\n")},
		"docs/architecture.md": {Data: page},
	}
	for _, f := range archive.Files {
		tree[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return tree
}

// wanted reads the lines "want PREFIX … WORDS".
func wanted(comment string) map[string]bool {
	wants := map[string]bool{}
	for line := range strings.Lines(comment) {
		if w, ok := strings.CutPrefix(strings.TrimSpace(line), "want "); ok {
			wants[w] = true
		}
	}
	return wants
}

func take(wants map[string]bool, found string) bool {
	for w, open := range wants {
		prefix, words, _ := strings.Cut(w, " … ")
		if open && strings.HasPrefix(found, prefix) && strings.Contains(found, words) {
			wants[w] = false
			return true
		}
	}
	return false
}

func TestAPageWithoutLayersIsAnError(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"", "# x\n```go\n```\n", "\n```layers\nlonely\n```\n", "\n```layers\ndeny nothing\n```\n"} {
		if _, err := parseLayers(page); err == nil {
			t.Errorf("%q was read as rules", page)
		}
	}
}
