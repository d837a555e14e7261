package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mixed is n characters as a maker of keys draws them, out of an alphabet.
func mixed(alphabet string, n int) string {
	out, at := make([]byte, n), uint32(7)
	for i := range out {
		at = at*1664525 + 1013904223
		out[i] = alphabet[int(at>>16)%len(alphabet)]
	}
	return string(out)
}

const (
	hexes   = "0123456789abcdef"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	upper   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	all     = letters + "0123456789"
)

// planted is one secret of each form, put together here so that this file holds
// none.
func planted() map[string][]string {
	return map[string][]string{
		"private key":  {"-----BEGIN " + "PRIVATE KEY-----", "-----BEGIN RSA " + "PRIVATE KEY-----", "-----BEGIN PGP " + "PRIVATE KEY BLOCK-----", "-----BEGIN OPENSSH " + "PRIVATE KEY-----"},
		"age":          {"AGE-SECRET-KEY-" + "1" + mixed(upper, 58)},
		"aws":          {"AK" + "IA" + mixed(upper, 16), "id = AS" + "IA" + mixed(upper, 16)},
		"github":       {"gh" + "p_" + mixed(all, 36), "github" + "_pat_" + mixed(all, 82)},
		"gitlab":       {"glpat" + "-" + mixed(all, 20)},
		"slack":        {"xox" + "b-" + mixed(all, 30), "https://hooks.slack.com" + "/services/" + mixed(all, 44)},
		"stripe":       {"sk" + "_live_" + mixed(all, 24), "rk" + "_test_" + mixed(all, 24)},
		"google":       {"AI" + "za" + mixed(all, 35), "GOC" + "SPX-" + mixed(all, 28)},
		"openai":       {"sk-" + "proj-" + mixed(all, 60), "sk-" + mixed(all, 20) + "T3Blb" + "kFJ" + mixed(all, 20)},
		"anthropic":    {"sk-" + "ant-api03-" + mixed(all, 95)},
		"meta":         {"EA" + "A" + mixed(all, 120)},
		"sendgrid":     {"S" + "G." + mixed(all, 22) + "." + mixed(all, 43)},
		"mailgun":      {"ke" + "y-" + mixed(hexes, 32)},
		"twilio":       {"S" + "K" + mixed(hexes, 32)},
		"telegram":     {"123456789" + ":AA" + mixed(all, 33)},
		"npm":          {"np" + "m_" + mixed(all, 36)},
		"pypi":         {"pypi-" + "AgEIcHlwaS5vcmc" + mixed(all, 60)},
		"digitalocean": {"do" + "p_v1_" + mixed(hexes, 64)},
		"huggingface":  {"h" + "f_" + mixed(letters, 34)},
		"posthog":      {"ph" + "c_" + mixed(all, 43)},
		"sentry":       {"sntry" + "u_" + mixed(hexes, 64), "https://" + mixed(hexes, 32) + ":" + mixed(hexes, 32) + "@sentry.example.com/1"},
		"token":        {"ey" + "J" + mixed(all, 30) + ".ey" + "J" + mixed(all, 60) + "." + mixed(all, 43)},
		"parley":       {"p" + "k_" + mixed(all, 43)},

		"address with a password": {"postgres://parley:" + mixed(all, 16) + "@db.example.com/parley"},
		"value of a key":          {`clientSecret := "` + mixed(all, 40) + `"`, `"password": "` + mixed(all, 41) + `"`, `API_KEY="` + mixed(all, 42) + `"`},
	}
}

func commit(t *testing.T, root string, args ...string) {
	t.Helper()
	for _, a := range [][]string{{"add", "-A"}, append([]string{"-c", "user.name=a", "-c", "user.email=a@b.test", "commit", "-q"}, args...)} {
		if out, err := exec.Command("git", append([]string{"-C", root}, a...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestASecretOfEachKindIsFoundInTheTreeAndInItsPast(t *testing.T) {
	t.Parallel()
	for _, r := range rules() {
		if len(planted()[r.name]) == 0 {
			t.Errorf("no secret is planted for %s", r.name)
		}
	}
	root := t.TempDir()
	list := filepath.Join(t.TempDir(), "allow.txt")
	write(t, list, "# nothing\n")
	if out, err := exec.Command("git", "init", "-q", root).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	write(t, filepath.Join(root, "plain.go"), "var key = \"the name of a key, which is none\"\nconst password = \"correct-horse-battery-staple-correct\"\n")
	commit(t, root, "-m", "a beginning")
	if got, err := run(root, list); err != nil {
		t.Fatalf("a plain tree: %v, %v", got, err)
	}
	for name, secrets := range planted() {
		for _, s := range secrets {
			path := filepath.Join(root, "planted.txt")
			write(t, path, "first line\nsecond "+s+"\n")
			got, err := run(root, list)
			if err == nil || len(got) == 0 || !strings.Contains(strings.Join(got, "\n"), "planted.txt:2: "+name) || strings.Contains(strings.Join(got, "\n"), s) {
				t.Errorf("%s in the tree: %q, %v", name, got, err)
			}
		}
	}
	// All of them once more in a commit that another one took back, and one in a
	// commit's own words.
	var lines []string
	for _, secrets := range planted() {
		lines = append(lines, secrets...)
	}
	write(t, filepath.Join(root, "planted.txt"), strings.Join(lines, "\n"))
	commit(t, root, "-m", "too much")
	write(t, filepath.Join(root, "planted.txt"), "")
	said := "gh" + "o_" + mixed(all, 36)
	commit(t, root, "-m", "take it back\n\nit was "+said)
	got, err := run(root, list)
	if err == nil {
		t.Fatal("nothing is found in the past")
	}
	for name, secrets := range planted() {
		if n := strings.Count(strings.Join(got, "\n"), " planted.txt: "+name+" "); n < len(secrets) {
			t.Errorf("%s in the past: %d of %d", name, n, len(secrets))
		}
	}
	if h := look(rules(), []byte(said)); len(h) != 1 || !strings.Contains(strings.Join(got, "\n"), h[0].hash) {
		t.Errorf("what a commit says is not read: %v", h)
	}
}

func TestAnAllowedValueHasAReasonAndAUse(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	list := filepath.Join(t.TempDir(), "allow.txt")
	if out, err := exec.Command("git", "init", "-q", root).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	key := "AK" + "IA" + mixed(upper, 16)
	write(t, filepath.Join(root, "a.txt"), key)
	commit(t, root, "-m", "an example")
	f := look(rules(), []byte(key))[0]
	write(t, list, f.rule+" "+f.hash+" => an example of the maker\n")
	if got, err := run(root, list); err != nil {
		t.Errorf("what is allowed: %v, %v", got, err)
	}
	write(t, list, f.rule+" "+f.hash+" => an example of the maker\naws 000000000000 => long gone\n")
	if got, err := run(root, list); err == nil || len(got) != 1 || !strings.Contains(got[0], "000000000000") {
		t.Errorf("a line without use: %v, %v", got, err)
	}
	write(t, list, f.rule+" "+f.hash+"\n")
	if _, err := run(root, list); err == nil {
		t.Error("a line without a reason is taken")
	}
}
