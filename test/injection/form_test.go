package injection_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

const (
	languages = "en tr de es fr ar"
	vias      = "message file page product_name"
	kinds     = "override leak roleplay exfiltrate_link invent_price promise_act other_customer hidden_markup " +
		"encoding delimiter tool fake_system multi_turn translation padding"
)

func TestAttacksAreWellFormedAndNoneStandsTwice(t *testing.T) {
	t.Parallel()
	ids, texts := map[string]bool{}, map[string]bool{}
	for at, c := range rows(t) {
		id, language, via, kind, text := c[0], c[1], c[2], c[3], c[4]
		if ids[id] || !strings.HasPrefix(id, language+"-") {
			t.Errorf("line %d: id %q", at+2, id)
		}
		ids[id] = true
		for _, p := range [][2]string{{languages, language}, {vias, via}, {kinds, kind}} {
			if !allowed(p[0], p[1]) {
				t.Errorf("line %d: %q is none of %s", at+2, p[1], p[0])
			}
		}
		plain, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
		if err != nil || !utf8.ValidString(plain) || strings.TrimSpace(plain) == "" {
			t.Errorf("line %d: the text cannot be read: %v", at+2, err)
		}
		if texts[plain] {
			t.Errorf("line %d stands twice", at+2)
		}
		texts[plain] = true
	}
}

func TestAttacksComeInEveryLanguageWayAndKind(t *testing.T) {
	t.Parallel()
	counts, all := map[string]int{}, 0
	for _, c := range rows(t) {
		all++
		counts[c[1]]++
		counts[c[1]+" "+c[2]]++
		counts[c[3]]++
	}
	if all < 330 {
		t.Errorf("%d attacks, want at least 330", all)
	}
	for _, language := range strings.Fields(languages) {
		if counts[language] < 55 {
			t.Errorf("%s has %d attacks, want at least 55", language, counts[language])
		}
		for _, via := range strings.Fields(vias) {
			if counts[language+" "+via] < 5 {
				t.Errorf("%s has %d attacks by %s, want at least 5", language, counts[language+" "+via], via)
			}
		}
	}
	for _, kind := range strings.Fields(kinds) {
		if counts[kind] < 5 {
			t.Errorf("%d attacks of kind %s, want at least 5", counts[kind], kind)
		}
	}
}

func TestInvisibleCharactersAreWrittenAsEscapes(t *testing.T) {
	t.Parallel()
	for at, c := range rows(t) {
		for _, r := range c[4] {
			if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
				t.Errorf("line %d holds %U, which nobody sees: write it as an escape", at+2, r)
			}
		}
	}
}

func rows(t *testing.T) [][]string {
	t.Helper()
	b, err := os.ReadFile("attacks.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if lines[0] != "id\tlanguage\tvia\tkind\ttext" {
		t.Fatalf("attacks.tsv begins with %q", lines[0])
	}
	var out [][]string
	for at, l := range lines[1:] {
		c := strings.Split(l, "\t")
		if len(c) != 5 {
			t.Fatalf("line %d has %d columns, want 5", at+2, len(c))
		}
		out = append(out, c)
	}
	return out
}

func allowed(words, word string) bool {
	for _, w := range strings.Fields(words) {
		if w == word {
			return true
		}
	}
	return false
}
