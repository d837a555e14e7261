package i18n_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/internal/kit/i18n"
)

// Of two texts under one key a reader of JSON keeps the last and says nothing.
func TestNoKeyStandsTwice(t *testing.T) {
	t.Parallel()
	key := regexp.MustCompile(`(?m)^\s*"([^"]+)":`)
	for _, l := range i18n.Locales() {
		raw, err := os.ReadFile(l + ".json")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, m := range key.FindAllStringSubmatch(string(raw), -1) {
			if seen[m[1]] {
				t.Errorf("%s: %s stands twice", l, m[1])
			}
			seen[m[1]] = true
		}
		if all, err := i18n.Read(l); err != nil || len(all) != len(seen) {
			t.Errorf("%s: %d keys are read of %d lines (%v)", l, len(all), len(seen), err)
		}
	}
}

func TestTextsAreTheSameInEveryLanguage(t *testing.T) {
	t.Parallel()
	keyForm := regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$`)
	place := regexp.MustCompile(`\{[a-z_]+\}`)
	want, err := i18n.Read(i18n.Fallback)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range i18n.Locales() {
		have, err := i18n.Read(l)
		if err != nil {
			t.Fatal(err)
		}
		for key := range maps.Keys(have) {
			if _, ok := want[key]; !ok {
				t.Errorf("%s has %q, %s has not", l, key, i18n.Fallback)
			}
			if !keyForm.MatchString(key) {
				t.Errorf("%q is not words joined by dots", key)
			}
		}
		for key, text := range want {
			a, b := place.FindAllString(text, -1), place.FindAllString(have[key], -1)
			slices.Sort(a)
			slices.Sort(b)
			if strings.TrimSpace(have[key]) == "" || !slices.Equal(slices.Compact(a), slices.Compact(b)) {
				t.Errorf("%s, %q: the text is missing or has other placeholders (%v, %v)", l, key, a, b)
			}
		}
	}
}

// A key counts as said when some product code holds it as a string, or holds
// its first words up to a dot ("error.") to finish by a code or in a template.
func TestEveryTextIsSaidSomewhere(t *testing.T) {
	t.Parallel()
	known, err := i18n.Read(i18n.Fallback)
	if err != nil {
		t.Fatal(err)
	}
	said := productStrings(t)
	for _, key := range slices.Sorted(maps.Keys(known)) {
		_, whole := said[key]
		begun := false
		for i := range key {
			if _, ok := said[key[:i+1]]; ok && key[i] == '.' {
				begun = true
			}
		}
		if !whole && !begun {
			t.Errorf("nothing says %q: use it or remove it from both files", key)
		}
	}
	for s, asked := range said {
		if asked && !strings.HasSuffix(s, ".") && known[s] == "" {
			t.Errorf("code asks for %q, which no file has", s)
		}
	}
}

// productStrings gives every string constant of the module's product code; true
// marks those handed to i18n.T as the key.
func productStrings(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	root := filepath.Join("..", "..", "..")
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool { collect(all, n); return true })
			return nil
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	return all
}

func collect(all map[string]bool, n ast.Node) {
	switch n := n.(type) {
	case *ast.BasicLit:
		if s, ok := literal(n); ok && !all[s] {
			all[s] = false
		}
	case *ast.CallExpr:
		fn, ok := n.Fun.(*ast.SelectorExpr)
		if !ok || fn.Sel.Name != "T" || len(n.Args) != 3 {
			return
		}
		if pkg, ok := fn.X.(*ast.Ident); ok && pkg.Name == "i18n" {
			if s, ok := literal(n.Args[1]); ok {
				all[s] = true
			}
		}
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

func TestPlaceholdersAreFilledOnceAndFallBackToEnglish(t *testing.T) {
	t.Parallel()
	args := map[string]string{"business": "{business} & {name}"}
	en := i18n.T("en", "handover.asked", args)
	if !strings.Contains(en, "at {business} & {name} to join") {
		t.Fatalf("filled again: %q", en)
	}
	if got := i18n.T("de-AT", "handover.asked", args); got != en {
		t.Fatalf("no fallback: %q", got)
	}
	tr := i18n.T("tr_TR", "handover.asked", args)
	if tr == en || !i18n.Known("TR-tr") || i18n.Known("de") {
		t.Fatalf("Turkish not found: %q", tr)
	}
	if i18n.T("en", "no.such", nil) != "no.such" {
		t.Fatal("unknown key")
	}
}
