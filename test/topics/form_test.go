package topics_test

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// line is one message of a file: where it stands and what it is labelled.
type line struct {
	language, label, split, text string
}

// form is what a file promises of its lines.
type form struct {
	file   string
	labels string // every allowed word of a label, space separated
	each   int    // the least number of lines of a language
	least  int    // the least number of lines of a label in a language
}

var forms = []form{
	{file: "messages.tsv", labels: "refunds complaints legal health none", each: 130, least: 18},
	{file: "person.tsv", labels: "person optout none", each: 30, least: 8},
	{file: "special.tsv", labels: "health religion politics sexual_life origin union genetic biometric criminal none", each: 30, least: 2},
}

const languages = "en tr de es fr ar"

func TestFilesHoldWellFormedLinesInSixLanguages(t *testing.T) {
	t.Parallel()
	for _, f := range forms {
		t.Run(f.file, func(t *testing.T) {
			t.Parallel()
			counts := map[string]int{}
			for at, l := range read(t, f.file) {
				if !allowed(languages, l.language) {
					t.Errorf("line %d: language %q", at+2, l.language)
				}
				for _, word := range strings.Split(l.label, ",") {
					if !allowed(f.labels, word) || word == "none" && l.label != "none" {
						t.Errorf("line %d: label %q", at+2, l.label)
					}
				}
				counts[l.language]++
				counts[l.language+" "+first(l.label)]++
			}
			for _, language := range strings.Fields(languages) {
				if counts[language] < f.each {
					t.Errorf("%s has %d lines, want at least %d", language, counts[language], f.each)
				}
				for _, label := range strings.Fields(f.labels) {
					if n := counts[language+" "+label]; n < f.least {
						t.Errorf("%s has %d lines of %s, want at least %d", language, n, label, f.least)
					}
				}
			}
		})
	}
}

func TestHalvesAlternateWithinLanguageAndFirstLabel(t *testing.T) {
	t.Parallel()
	for _, f := range forms {
		seen := map[string]int{}
		for at, l := range read(t, f.file) {
			key := l.language + " " + first(l.label)
			want := []string{"dev", "held"}[seen[key]%2]
			seen[key]++
			if l.split != want {
				t.Errorf("%s line %d: split %q, want %q", f.file, at+2, l.split, want)
			}
		}
	}
}

func TestNoMessageStandsTwice(t *testing.T) {
	t.Parallel()
	for _, f := range forms {
		seen := map[string]int{}
		for at, l := range read(t, f.file) {
			key := strings.Join(strings.Fields(strings.ToLower(l.text)), " ")
			if before, ok := seen[key]; ok {
				t.Errorf("%s line %d says the same as line %d", f.file, at+2, before)
			}
			seen[key] = at + 2
		}
	}
}

func TestTopicMessagesAreAboutHalf(t *testing.T) {
	t.Parallel()
	topic, all := 0, 0
	for _, l := range read(t, "messages.tsv") {
		all++
		if l.label != "none" {
			topic++
		}
	}
	if all < 780 || topic*100 < 50*all || topic*100 > 60*all {
		t.Errorf("%d of %d messages have a topic, want 50 to 60 %% of at least 780", topic, all)
	}
}

// read gives the lines of a file below its head line, and fails on any that
// is not four filled columns of valid UTF-8.
func read(t *testing.T, file string) []line {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !utf8.Valid(b) {
		t.Fatalf("%s is not UTF-8", file)
	}
	rows := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if rows[0] != "language\tlabel\tsplit\ttext" {
		t.Fatalf("%s begins with %q", file, rows[0])
	}
	var out []line
	for at, row := range rows[1:] {
		c := strings.Split(row, "\t")
		if len(c) != 4 || strings.TrimSpace(c[3]) != c[3] || c[3] == "" {
			t.Fatalf("%s line %d is not four clean columns: %q", file, at+2, row)
		}
		out = append(out, line{c[0], c[1], c[2], c[3]})
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

func first(label string) string {
	word, _, _ := strings.Cut(label, ",")
	return word
}
