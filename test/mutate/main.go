package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// rooms are the folders whose files are looked through, in this order of their
// numbers; their own tests are asked first, then the tests of the API.
var rooms = []string{"internal/desk", "internal/member/oidc", "internal/member", "internal/api"}

// whole is where the whole program is tested, for what mails and accounts outside
// open: those doors have no test nearer by.
const whole = "test/graph"

func asked(file string) []string {
	tests := []string{filepath.Dir(file), "internal/api"}
	if base := filepath.Base(file); base == "letters.go" || base == "outside.go" {
		tests = append(tests, whole)
	}
	return tests
}

// named are the tests that are asked, by room; every other test proves something
// else.
func named(room string) string {
	switch room {
	case whole:
		return "^Test(AForgottenPassword|AMailboxIsNot|AMemberJoins|ANewBrowser|AnInvitedMember|AnAccountOutside|AMailedLink|AProofIsRenewed)"
	case "internal/api":
	default:
		return "."
	}
	return "^Test(AccessIs|AScopedKey|GuessingAppears|TheOperatorSees|TheStreamShowsNobody|ASignInThatOwes|ActsThatWant|AFactorIsAdded|AGapIsRead|" +
		"AnotherWorkspaces|NobodyUnknown|ARoleChange|SettingsUnder|OnePersonHas|OnlyTheChats|AReportedAnswer|ALimitIs|DeletingTheHistory|ACaseShowsNoWords|AKeyIsNobodys|AWebsiteChatIs|SigningIn|BehindTLS|SignInSays|" +
		"OnlyOurOwn|TheFirstOwner|ASuspension|ARefusedMember|ACredentialStands|AnotherSitesPage|HelpIsNot|AVisitorReports|RefusalsAreRecorded)"
}

func main() {
	only := flag.String("only", ".", "run the checks whose name fits this expression")
	page := flag.String("page", "docs/mutations.md", "the page to write")
	flag.Parse()
	if err := run(*only, *page); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// made is the rewritten tree: its checks, and the test programs built with it.
type made struct {
	root, dir string
	checks    []check
}

func run(only, page string) error {
	pattern, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	m, err := rewrite(".", dir)
	if err != nil {
		return err
	}
	if err := m.build(); err != nil {
		return err
	}
	if test, out := m.kills("0", rooms[0], "internal/api"); test != "" {
		return fmt.Errorf("with every check in place %s fails:\n%s", test, out)
	}
	equal, err := reasons("test/mutate/equal.txt")
	if err != nil {
		return err
	}
	var lines []string
	var alive []error
	for _, c := range m.checks {
		if !pattern.MatchString(c.Name()) {
			continue
		}
		from := time.Now()
		verdict, _ := m.kills(fmt.Sprint(c.No), asked(c.File)...)
		switch {
		case verdict != "" && equal[c.Name()] != "":
			alive = append(alive, fmt.Errorf("%s is noticed by %s: take it out of equal.txt", c.Name(), verdict))
		case verdict == "" && equal[c.Name()] != "":
			verdict = "changes nothing: " + equal[c.Name()]
		case verdict == "":
			verdict = "**no test**"
			alive = append(alive, fmt.Errorf("no test notices that this is gone: %s", c.Name()))
		}
		fmt.Printf("%4.0f s  %s: %s\n", time.Since(from).Seconds(), c.Name(), verdict)
		lines = append(lines, fmt.Sprintf("| %s | %s | `%s` | %s |", c.File, c.Func, strings.ReplaceAll(c.Text, "|", "\\|"), verdict))
	}
	routes, err := m.routes()
	alive = append(alive, err)
	text := fmt.Sprintf(intro, len(lines)) + strings.Join(lines, "\n") + "\n\n" + routes
	return errors.Join(append(alive, os.WriteFile(page, []byte(text), 0o644))...)
}

// rewrite makes the files of the overlay and its list.
func rewrite(root, dir string) (made, error) {
	m := made{root: root, dir: dir}
	replace := map[string]string{}
	put := func(path string, text []byte) error {
		abs, err := filepath.Abs(filepath.Join(root, path))
		to := filepath.Join(dir, strings.ReplaceAll(path, "/", "_"))
		replace[abs] = to
		return errors.Join(err, os.WriteFile(to, text, 0o600))
	}
	for _, room := range rooms {
		files, err := filepath.Glob(filepath.Join(root, room, "*.go"))
		if err != nil {
			return m, err
		}
		for _, f := range files {
			path, err := filepath.Rel(root, f)
			if err != nil || strings.HasSuffix(f, "_test.go") {
				continue
			}
			s, err := find(root, path, len(m.checks)+1)
			if err != nil {
				return m, err
			}
			m.checks = append(m.checks, s.checks...)
			if err := put(path, s.text); err != nil {
				return m, err
			}
		}
		if err := put(room+"/parley_mutant.go", []byte(question(filepath.Base(room)))); err != nil {
			return m, err
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	return m, errors.Join(err, os.WriteFile(filepath.Join(dir, "overlay.json"), list, 0o600))
}

// question is the file each room gets: it alone knows of the environment.
func question(pkg string) string {
	text := "package " + pkg + "\n\nimport \"os\"\n\nvar parleyGone = os.Getenv(\"PARLEY_MUTANT\")\n\n" +
		"func parleyMutant(n int) bool {\n\tif parleyGone == \"\" || parleyGone[0] > '9' {\n\t\treturn false\n\t}\n\tgone := 0\n\tfor _, d := range parleyGone {\n\t\tgone = gone*10 + int(d-'0')\n\t}\n\treturn n == gone\n}\n"
	if pkg == "api" {
		text += "\nfunc parleyNeed(n Need) Need {\n\tif parleyGone == \"needs\" && n != Public {\n\t\treturn SignedIn\n\t}\n\treturn n\n}\n" +
			"\nfunc parleyFresh(fresh bool) bool { return fresh && parleyGone != \"fresh\" }\n"
	}
	return text
}

func (m made) build() error {
	for _, room := range append(slices.Clone(rooms), whole) {
		out, err := exec.Command("go", "test", "-c", "-overlay", filepath.Join(m.dir, "overlay.json"), "-o", m.binary(room), "./"+room).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s does not compile with its checks as questions: %w\n%s", room, err, out)
		}
	}
	return nil
}

func (m made) binary(room string) string {
	return filepath.Join(m.dir, strings.ReplaceAll(room, "/", "_")+".test")
}

var failed = regexp.MustCompile(`(?m)^--- FAIL: (\w+)`)

// kills runs the tests of some rooms with one check gone, and names the first
// that fails; "" when none does.
func (m made) kills(gone string, asked ...string) (test, out string) {
	for i, room := range asked {
		if i > 0 && room == asked[i-1] {
			continue
		}
		text, err := m.test(room, gone, named(room))
		if err == nil {
			continue
		}
		if name := failed.FindStringSubmatch(text); name != nil {
			return name[1], text
		}
		return "the tests of " + room + " (they do not end well)", text
	}
	return "", ""
}

func (m made) test(room, gone, pattern string) (string, error) {
	cmd := exec.Command(m.binary(room), "-test.failfast", "-test.timeout=300s", "-test.parallel=3", "-test.run="+pattern)
	cmd.Dir = filepath.Join(m.root, room)
	cmd.Env = append(os.Environ(), "PARLEY_MUTANT="+gone)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// routes takes every route's permission out at once, then every wish for a fresh
// proof: the matrix of docs/access.md must name each line that had one.
func (m made) routes() (string, error) {
	raw, err := os.ReadFile("docs/access.md")
	if err != nil {
		return "", err
	}
	var report strings.Builder
	var alive []error
	for gone, has := range map[string]func(cells []string) bool{
		"needs": func(c []string) bool { return c[2] != "signed in" },
		"fresh": func(c []string) bool { return strings.Contains(c[4], "proof") },
	} {
		out, _ := m.test("internal/api", gone, "TestAccessIsTheCommittedTable$")
		n := 0
		for line := range strings.Lines(string(raw)) {
			cells := strings.Split(strings.TrimSpace(line), " | ")
			if !strings.HasPrefix(line, "| `") || len(cells) < 5 || !has(append([]string{""}, cells...)) {
				continue
			}
			if n++; !strings.Contains(out, cells[0]+" |") {
				alive = append(alive, fmt.Errorf("the matrix does not notice that %s of %s is gone", gone, cells[0]))
			}
		}
		fmt.Fprintf(&report, "- %s: %d routes\n", gone, n)
	}
	return report.String(), errors.Join(alive...)
}

// reasons reads "name = reason" lines.
func reasons(path string) (map[string]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		if name, why, is := strings.Cut(strings.TrimSpace(line), " => "); is {
			all[name] = why
		}
	}
	return all, nil
}
