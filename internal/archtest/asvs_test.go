package archtest

import (
	"cmp"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/asvs.md anew")

// byDocument is proved by what is written alone: nothing is seen to happen.
const byDocument = "by document"

// demand is one requirement of OWASP ASVS 5.0.
type demand struct {
	id, level, text string
	tests           []string
	document        bool   // the tests read only what is written
	note            string // n/a, by hand or open, with its reason
}

// numberOf orders V2.1.1 before V10.1.1.
func numberOf(id string) (n [3]int) {
	for i, part := range strings.SplitN(strings.TrimPrefix(id, "V"), ".", 3) {
		n[i], _ = strconv.Atoi(part)
	}
	return n
}

func compareIDs(a, b string) int { x, y := numberOf(a), numberOf(b); return slices.Compare(x[:], y[:]) }

// readDemands reads asvs.txt.
func readDemands(t *testing.T) []*demand {
	t.Helper()
	raw, err := os.ReadFile("asvs.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []*demand
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		f := strings.SplitN(line, " | ", 4)
		if len(f) != 4 || f[1] != "1" && f[1] != "2" {
			t.Fatalf("asvs.txt: %q", line)
		}
		d := &demand{id: f[0], level: f[1], text: f[2]}
		if kind, _, ok := strings.Cut(f[3], ": "); ok && slices.Contains([]string{"n/a", "by hand", "open"}, kind) {
			d.note = f[3]
		} else {
			names, document := strings.CutPrefix(f[3], byDocument+": ")
			d.tests, d.document = strings.Split(names, ", "), document
		}
		all = append(all, d)
	}
	return all
}

// provers are the tests of the tree, and which numbers each names.
type provers struct {
	exists map[string]bool
	named  map[string][]string // number → tests
}

// readTests finds every test, and the numbers in the comment right above one. In
// a browser test the name follows on the line of test(.
func readTests(t *testing.T) provers {
	t.Helper()
	at, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	p := provers{map[string]bool{}, map[string][]string{}}
	inGo := regexp.MustCompile(`^func ((?:Test|Fuzz)\w+)\(`)
	inScript := regexp.MustCompile(`^\s*(?:test|it)\(\s*['"` + "`" + `](.+?)['"` + "`" + `]`)
	numbers := regexp.MustCompile(`V\d+\.\d+\.\d+`)
	err = fs.WalkDir(os.DirFS(at), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && leaveOut(name) {
			return fs.SkipDir
		}
		script := strings.Contains(name, ".test.")
		if err != nil || d.IsDir() || !script && !strings.HasSuffix(name, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(at, name))
		if err != nil {
			return err
		}
		var asked []string
		for line := range strings.Lines(string(raw)) {
			test := inGo.FindStringSubmatch(line)
			if script {
				test = inScript.FindStringSubmatch(line)
			}
			switch _, rest, ok := strings.Cut(line, "asvs:"); {
			case ok:
				asked = append(asked, numbers.FindAllString(rest, -1)...)
			case test != nil:
				called := test[1]
				if script {
					called = path.Base(name) + ": " + called
				}
				p.exists[called] = true
				for _, id := range asked {
					p.named[id] = append(p.named[id], called)
				}
				asked = nil
			case len(asked) > 0 && strings.HasPrefix(strings.TrimSpace(line), "//"): // the comment goes on
				asked = append(asked, numbers.FindAllString(line, -1)...)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// docs/asvs.md says for each requirement of levels 1 and 2 which tests prove it,
// or why none does.
func TestASVSPageIsUpToDate(t *testing.T) {
	t.Parallel()
	demands, tests := readDemands(t), readTests(t)
	known, beyond := map[string]bool{}, []string{}
	for _, d := range demands {
		for _, name := range d.tests {
			if !tests.exists[name] {
				t.Errorf("asvs.txt: %s names %s, which is no test any more", d.id, name)
			}
		}
		d.tests = append(d.tests, tests.named[d.id]...)
		slices.Sort(d.tests)
		d.tests = slices.Compact(d.tests)
		known[d.id] = true
	}
	for id := range maps.Keys(tests.named) {
		if !known[id] {
			beyond = append(beyond, id)
		}
	}
	slices.SortFunc(beyond, compareIDs)
	slices.SortStableFunc(demands, func(a, b *demand) int { return compareIDs(a.id, b.id) })
	page := asvsPage(demands, beyond, tests)
	at, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(at, "docs", "asvs.md")
	if *update {
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(file); err != nil || string(have) != page {
		t.Errorf("docs/asvs.md is not what the tests say (%v); run: go test ./internal/archtest -run ASVS -update", err)
	}
}

func asvsPage(demands []*demand, beyond []string, tests provers) string {
	var b, table strings.Builder
	count := map[string]map[string]int{"1": {}, "2": {}}
	for _, d := range demands {
		state, _, _ := strings.Cut(d.note, ":")
		by := d.note
		if len(d.tests) > 0 {
			state, by = "tested", strings.Join(d.tests, ", ")
			if d.note != "" {
				by = d.note + "; tested: " + by
			}
			if d.document {
				state, by = byDocument, byDocument+": "+by
			}
		}
		count[d.level][state]++
		fmt.Fprintf(&table, "| %s | %s | %s | %s |\n", d.id, d.level, d.text, strings.ReplaceAll(by, "|", "/"))
	}
	b.WriteString("# OWASP ASVS 5.0\n\nGenerated from `internal/archtest/asvs.txt` and the comments of tests by `go test ./internal/archtest -run ASVS -update`. " +
		"What each requirement asks is in our words; the standard's own text decides. " +
		"By document: a test reads that a page or the source says so, and sees nothing happen; it does not count as tested.\n\n" +
		"| level | listed | tested | by document | by hand | not applicable | open | tested of what applies |\n|---|---:|---:|---:|---:|---:|---:|---:|\n")
	sum := map[string]int{}
	for _, level := range []string{"1", "2"} {
		for state, n := range count[level] {
			sum[state] += n
		}
		b.WriteString(figures("level "+level, count[level]))
	}
	b.WriteString(figures("both", sum))
	b.WriteString("\n| number | level | what it asks | proved by |\n|---|---|---|---|\n" + table.String())
	b.WriteString("\n## Beyond level 2\nRequirements of level 3 that tests name.\n\n| number | proved by |\n|---|---|\n")
	for _, id := range beyond {
		named := slices.Compact(slices.Sorted(slices.Values(tests.named[id])))
		fmt.Fprintf(&b, "| %s | %s |\n", id, strings.Join(named, ", "))
	}
	return b.String()
}

func figures(name string, n map[string]int) string {
	applies := n["tested"] + n[byDocument] + n["by hand"] + n["open"]
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %d | %d | %.1f %% |\n", name, applies+n["n/a"], n["tested"], n[byDocument], n["by hand"], n["n/a"], n["open"],
		100*float64(n["tested"])/float64(cmp.Or(applies, 1)))
}
