package topic

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// line is a message that people labelled (test/topics/README.md).
type line struct {
	lang, label, split, text string
	hard                     bool
}

func labelled(t *testing.T, name string) []line {
	t.Helper()
	raw, err := os.ReadFile("../../../test/topics/" + name)
	if err != nil {
		t.Fatal(err)
	}
	none := map[string]int{}
	var out []line
	for i, row := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		f := strings.SplitN(row, "\t", 4)
		if i == 0 || len(f) < 4 {
			continue
		}
		label := strings.NewReplacer("refunds", Refund, "complaints", Complaint).Replace(f[1])
		l := line{lang: f[0], label: label, split: f[2], text: f[3]}
		if l.label == "none" {
			none[l.lang]++
			l.hard = none[l.lang] <= 44
		}
		out = append(out, l)
	}
	return out
}

// share counts how often something was so.
type share struct{ yes, all int }

func (s *share) note(yes bool) {
	if s.all++; yes {
		s.yes++
	}
}

func (s share) of() float64 {
	if s.all == 0 {
		return 0
	}
	return float64(s.yes) / float64(s.all)
}

// figures of one half in one language ("" = all).
type figures struct {
	recall, wrong, hard share
	per                 map[string]*share
}

func measure(lines []line, split, lang string, miss func(line, Reading)) figures {
	f := figures{per: map[string]*share{}}
	d, _ := New(Settings{})
	for _, l := range lines {
		if l.split != split || lang != "" && l.lang != lang {
			continue
		}
		r := d.Read(l.text, "")
		if l.label == "none" {
			f.wrong.note(len(r.Topics) > 0)
			if l.hard {
				f.hard.note(len(r.Topics) > 0)
			}
			if len(r.Topics) > 0 {
				miss(l, r)
			}
			continue
		}
		f.recall.note(len(r.Topics) > 0)
		if len(r.Topics) == 0 {
			miss(l, r)
		}
		for _, want := range strings.Split(l.label, ",") {
			if f.per[want] == nil {
				f.per[want] = &share{}
			}
			f.per[want].note(slices.Contains(r.Topics, want))
		}
	}
	return f
}

// Floors of the half that nobody looks at.
const (
	heldRecall = 0.95
	heldFalse  = 0.085
	heldPerson = 0.83
)

// covers A-7.4-02. The lines that fail are shown of the half for developing only.
func TestHandOverTopicsReachTheirFigures(t *testing.T) {
	t.Parallel()
	lines := labelled(t, "messages.tsv")
	for _, split := range []string{"dev", "held"} {
		for _, lang := range append([]string{""}, Languages()...) {
			f := measure(lines, split, lang, func(l line, r Reading) {
				if split == "dev" && lang != "" && os.Getenv("PARLEY_TEST_LINES") != "" {
					t.Logf("%s %s %q %v", l.lang, l.label, l.text, r.Scores)
				}
			})
			t.Logf("%-4s %-2s recall %.3f (refunds %.2f complaints %.2f legal %.2f health %.2f), false %.3f, of the hard %.3f; %d and %d lines", split, lang, f.recall.of(),
				f.per[Refund].of(), f.per[Complaint].of(), f.per[Legal].of(), f.per[Health].of(), f.wrong.of(), f.hard.of(), f.recall.all, f.wrong.all)
			// The goal is 0.95 pooled, 0.90 in each language, at most 0.10 in vain.
			// These are the floors of the half that nobody looks at; they only rise.
			least, most := 0.90, 0.10
			switch {
			case split == "held" && lang == "":
				least, most = heldRecall, heldFalse
			case split == "held":
				least, most = 0.90, 0.14
			case lang == "":
				least = 0.95
			}
			if f.recall.of() < least || f.wrong.of() > most {
				t.Errorf("%s %s: recall %.3f, false hand-over %.3f", split, lang, f.recall.of(), f.wrong.of())
			}
		}
	}
}

func TestWhoWantsAPersonIsFound(t *testing.T) {
	t.Parallel()
	lines := labelled(t, "person.tsv")
	for _, split := range []string{"dev", "held"} {
		for _, lang := range append([]string{""}, Languages()...) {
			var found, exact, wrong share
			for _, l := range lines {
				if l.split != split || lang != "" && l.lang != lang {
					continue
				}
				in := IntentOf(l.text)
				brings := in == WantsPerson || in == NoMachine
				if l.label == "none" {
					wrong.note(brings)
				} else {
					found.note(brings)
					exact.note(in == WantsPerson && l.label == "person" || in == NoMachine && l.label == "optout")
				}
				if brings == (l.label == "none") && split == "dev" && lang != "" && os.Getenv("PARLEY_TEST_LINES") != "" {
					t.Logf("%s %s %q %s", l.lang, l.label, l.text, in)
				}
			}
			t.Logf("%-4s %-2s a person is called %.3f (told apart %.3f), in vain %.3f", split, lang, found.of(), exact.of(), wrong.of())
			least := map[string]float64{"dev": 0.90, "held": heldPerson}[split]
			if lang == "" && (found.of() < least || wrong.of() > 0.10) {
				t.Errorf("%s: found %.3f, in vain %.3f", split, found.of(), wrong.of())
			}
		}
	}
}

// covers A-6-01: a label, whose recall is printed and not promised.
func TestSpecialCategoriesArePrinted(t *testing.T) {
	t.Parallel()
	for _, split := range []string{"dev", "held"} {
		var found, exact, wrong share
		for _, l := range labelled(t, "special.tsv") {
			if l.split != split {
				continue
			}
			r := Read(l.text, "", Settings{})
			if l.label == "none" {
				wrong.note(len(r.Special) > 0)
			} else {
				found.note(len(r.Special) > 0)
				exact.note(slices.ContainsFunc(r.Special, func(m Mention) bool { return m.Category == l.label }))
			}
			if (len(r.Special) > 0) == (l.label == "none") && split == "dev" && os.Getenv("PARLEY_TEST_LINES") != "" {
				t.Logf("%s %s %q %v", l.lang, l.label, l.text, r.Special)
			}
		}
		t.Logf("%-4s special categories: any %.3f, the right one %.3f, in vain %.3f", split, found.of(), exact.of(), wrong.of())
		if found.of() < 0.79 || wrong.of() > 0.10 {
			t.Errorf("%s: found %.3f, in vain %.3f", split, found.of(), wrong.of())
		}
	}
}
