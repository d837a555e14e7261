package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sources reads every file of a kind below a folder of the tree, without tests
// and what others wrote.
func sources(t *testing.T, below string, kinds ...string) map[string]string {
	t.Helper()
	at, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	err = filepath.WalkDir(filepath.Join(at, below), func(name string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{"node_modules", "dist", "testdata", "dev"}, d.Name()):
			return filepath.SkipDir
		case d.IsDir() || strings.Contains(name, ".test.") || strings.HasSuffix(name, "_test.go") || !slices.Contains(kinds, filepath.Ext(name)):
			return nil
		}
		raw, err := os.ReadFile(name)
		all[strings.TrimPrefix(name, at+"/")] = string(raw)
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%s: %d files, %v", below, len(all), err)
	}
	return all
}

// Neither the dashboard nor the chat makes markup or code of text, takes words
// into an object's prototype, or is compiled with anything less than strict types.
// asvs: V3.2.2, V15.3.6
func TestNoScreenMakesMarkupOrCodeOfText(t *testing.T) {
	t.Parallel()
	forbidden := regexp.MustCompile(`dangerouslySetInnerHTML|\.(inner|outer)HTML\b\s*\+?=|insertAdjacentHTML|createContextualFragment|document\.write|\beval\(|new Function\(|__proto__|\.prototype\s*\[`)
	for name, text := range sources(t, "web", ".ts", ".tsx") {
		if strings.HasPrefix(name, "web/vite") {
			continue
		}
		for _, found := range forbidden.FindAllString(text, -1) {
			t.Errorf("%s: %s", name, found)
		}
	}
	for name, text := range sources(t, "web", ".json") {
		if name == "web/tsconfig.json" && !strings.Contains(text, `"strict": true`) {
			t.Errorf("%s is not strict", name)
		}
	}
}

// Frame and page of a chat take a message only from the window and the origin
// they were made for, before they look into it.
// asvs: V3.5.5
func TestTheChatHearsItsOwnPageAlone(t *testing.T) {
	t.Parallel()
	heard := regexp.MustCompile(`(?s)addEventListener\('message', \(e\) => \{\s*(?:const ready = e\.data as Ready;\s*)?(.*?);\n`)
	n := 0
	for name, text := range sources(t, "web", ".ts", ".tsx") {
		found := heard.FindAllStringSubmatch(text, -1)
		if len(found) != strings.Count(text, "addEventListener('message'") {
			t.Errorf("%s listens in a form this test does not read", name)
		}
		for _, m := range found {
			if n++; !strings.Contains(m[1], "e.origin !== ") || !strings.Contains(m[1], "e.source !== ") || !strings.HasSuffix(m[1], "return") {
				t.Errorf("%s hears other windows: %s", name, m[1])
			}
		}
	}
	if n < 2 {
		t.Errorf("only %d listeners are found", n)
	}
}

// Fields for passwords are masked with a switch that shows them, say to a
// password manager what they are, and nothing on the way stops a paste into them.
// asvs: V6.2.6, V6.2.7
func TestPasswordsAreMaskedShownOnRequestAndMayBePasted(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`<PasswordInput\b[^>]*>`)
	raw := regexp.MustCompile(`type="password"`)
	fields := 0
	for name, text := range sources(t, "web", ".tsx") {
		if name == "web/ui/form.tsx" && !strings.Contains(text, `type={shown ? 'text' : 'password'}`) {
			t.Errorf("%s: a password is not masked, or cannot be shown", name)
		}
		found := named.FindAllString(text, -1)
		if name == "web/ui/form.tsx" || strings.Contains(text, "function PasswordInput") {
			found = nil
		}
		for _, field := range found {
			fields++
			if !regexp.MustCompile(`autoComplete="(current|new)-password"`).MatchString(field) {
				t.Errorf("%s: a password manager is not told what this is: %s", name, field)
			}
			if strings.Contains(field, "onPaste") {
				t.Errorf("%s: %s", name, field)
			}
		}
		if strings.Contains(name, "signin/") && (raw.MatchString(text) || strings.Contains(text, "onPaste")) {
			t.Errorf("%s: a password field of its own", name)
		}
	}
	if fields < 5 {
		t.Errorf("only %d password fields are found", fields)
	}
}

// The page on security says what it must say, so that an operator and an auditor
// need not ask: how guessing is slowed, the ways in, when sessions end and how
// many one may have, what a provider's end of a session means, how a lost factor
// is replaced, and how soon a weak component is exchanged.
// asvs: V6.1.1, V6.1.3, V6.4.4, V7.1.1, V7.1.2, V7.1.3, V15.1.1
func TestThePageOnSecuritySaysWhatIsAsked(t *testing.T) {
	t.Parallel()
	text := sources(t, "docs", ".md")["docs/security.md"]
	for what, say := range map[string]string{
		"how guessing is slowed":            `(?s)\*\*Guessing\*\* is slowed.*cannot lock an owner out`,
		"the ways in and their door":        `(?s)\*\*Ways in\*\*:.*There is no other way`,
		"when sessions end":                 `They end when idle, in any case after a fixed time`,
		"how many sessions one may have":    `one may have several`,
		"a session begun at a provider":     `A session that began at a provider lives by our terms`,
		"how a lost factor is replaced":     `A lost one is replaced by a recovery code, or by an owner`,
		"when a weak component goes":        `exchanged within \d+ days .* and within \d+ otherwise`,
		"when components are looked over":   `looked over each quarter`,
		"what the password rules are":       `need 15 characters`,
		"what is not done, and by whom not": `## What it does not do`,
	} {
		if !regexp.MustCompile(say).MatchString(text) {
			t.Errorf("docs/security.md does not say %s", what)
		}
	}
}

// Cryptography is the standard library's and golang.org/x/crypto's, none of it
// broken or short: no MD5, DES or RC4 at all, SHA-1 nowhere, no cipher suites of
// our own choosing, and no memory that Go does not watch.
// asvs: V1.4.1, V11.2.1, V11.2.3, V12.1.2
func TestCryptographyIsTheStandardLibrarysAndStrong(t *testing.T) {
	t.Parallel()
	imported := regexp.MustCompile(`(?m)^\s*(?:import )?(?:\w+ )?"([^"]+)"$`)
	good := []string{"crypto", "crypto/aes", "crypto/cipher", "crypto/ecdsa", "crypto/ed25519", "crypto/elliptic", "crypto/hkdf", "crypto/hmac", "crypto/rand",
		"crypto/sha256", "crypto/subtle", "crypto/tls", "crypto/x509", "crypto/x509/pkix", "golang.org/x/crypto/bcrypt"}
	files, seen := 0, 0
	for _, below := range []string{"cmd", "internal"} {
		for name, text := range sources(t, below, ".go") {
			files++
			for _, m := range imported.FindAllStringSubmatch(text, -1) {
				path := m[1]
				if path == "unsafe" || path == "C" {
					t.Errorf("%s imports %s", name, path)
				}
				if path == "crypto" || strings.HasPrefix(path, "crypto/") || strings.Contains(path, "x/crypto") {
					if seen++; !slices.Contains(good, path) {
						t.Errorf("%s imports %s", name, path)
					}
				}
			}
			if strings.Contains(text, "CipherSuites:") {
				t.Errorf("%s chooses cipher suites", name)
			}
		}
	}
	if files < 300 || seen < 30 {
		t.Errorf("only %d files and %d imports were seen", files, seen)
	}
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil || !strings.Contains(string(makefile), "CGO_ENABLED=0 go build") {
		t.Errorf("the program is not built without C: %v", err)
	}
}

// Texts that a format is made of are the program's own: go vet says so in every
// run of the tests, and must go on saying it.
// asvs: V1.3.10
func TestFormatsAreCheckedInEveryRun(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../test/run.sh")
	if err != nil || !regexp.MustCompile(`go vet .*\./\.\.\.`).Match(raw) || strings.Contains(string(raw), "-printf=false") {
		t.Errorf("test/run.sh does not vet the tree: %v", err)
	}
}

// Each component that is built in has its day and its licence on the page, and
// what go.sum says of its bytes: none is of an unknown age.
// asvs: V15.2.1
func TestEveryComponentHasItsDayAndItsSum(t *testing.T) {
	t.Parallel()
	page := sources(t, "docs", ".md")["docs/components.md"]
	sums, err := os.ReadFile("../../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| golang \| (\S+) \| (\S+) \| (\S+) \| (.+) \|$`)
	all := row.FindAllStringSubmatch(page, -1)
	for _, c := range all {
		if !regexp.MustCompile(`^20\d\d-\d\d-\d\d$`).MatchString(c[3]) || strings.TrimSpace(c[4]) == "" {
			t.Errorf("%s %s: day %q, licence %q", c[1], c[2], c[3], c[4])
		}
		if !strings.Contains(string(sums), c[1]+" "+c[2]+" h1:") {
			t.Errorf("%s %s is not pinned in go.sum", c[1], c[2])
		}
	}
	if len(all) < 40 {
		t.Errorf("only %d modules are listed", len(all))
	}
}
