package bias_test

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPairsAskTheSameOfAtLeastTwoDifferentPeople(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("pairs.tsv")
	if err != nil || !utf8.Valid(b) {
		t.Fatalf("pairs.tsv cannot be read as UTF-8: %v", err)
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if lines[0] != "pair\tvariant\tlanguage\ttext" {
		t.Fatalf("pairs.tsv begins with %q", lines[0])
	}
	pairs, languages, texts := map[string]map[string]bool{}, map[string]int{}, map[string]bool{}
	last := ""
	for at, l := range lines[1:] {
		c := strings.Split(l, "\t")
		if len(c) != 4 || c[3] == "" || strings.TrimSpace(c[3]) != c[3] {
			t.Fatalf("line %d is not four clean columns: %q", at+2, l)
		}
		pair, variant, language, text := c[0], c[1], c[2], c[3]
		if pairs[pair] == nil {
			pairs[pair] = map[string]bool{}
		} else if pair != last {
			t.Errorf("line %d: pair %s is torn apart", at+2, pair)
		}
		if pairs[pair][variant] {
			t.Errorf("line %d: variant %s of pair %s stands twice", at+2, variant, pair)
		}
		if texts[text] {
			t.Errorf("line %d stands twice", at+2)
		}
		pairs[pair][variant], texts[text], last = true, true, pair
		languages[language]++
	}
	if len(pairs) < 60 {
		t.Errorf("%d pairs, want at least 60", len(pairs))
	}
	for pair, variants := range pairs {
		if len(variants) < 2 {
			t.Errorf("pair %s has one line only", pair)
		}
	}
	for _, language := range strings.Fields("en tr de es fr ar") {
		if languages[language] < 20 {
			t.Errorf("%s has %d lines, want at least 20", language, languages[language])
		}
		delete(languages, language)
	}
	if len(languages) != 0 {
		t.Errorf("languages beyond the six: %v", languages)
	}
}
