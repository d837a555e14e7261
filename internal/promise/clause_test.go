package promise

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/internal/store"
)

func loaded(t *testing.T) *Register {
	t.Helper()
	r, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// section is what the ids of one part of the policies begin with.
func section(id string) string {
	if seed, rest, _ := strings.Cut(id, "-"); seed == "A" {
		return seed + "-" + rest[:strings.IndexAny(rest, ".-")]
	}
	return "H"
}

func TestEveryClauseOfBothPoliciesStandsInTheRegisterOnce(t *testing.T) {
	t.Parallel()
	want := map[string]int{"H": 99, "A-0": 1, "A-1": 8, "A-2": 5, "A-3": 56, "A-4": 15, "A-5": 17, "A-6": 5, "A-7": 25, "A-8": 23, "A-9": 7,
		"A-10": 5, "A-11": 17, "A-12": 18, "A-13": 3, "A-14": 26, "A-15": 8, "A-16": 22, "A-17": 2, "A-18": 4, "A-19": 8, "A-20": 9, "A-21": 2, "A-22": 1, "A-23": 6, "A-24": 6, "A-25": 3, "A-26": 3}
	kinds := map[Kind]int{Feature: 87, Field: 81, Integration: 17, Retention: 21, Security: 72, Right: 62, Transparency: 48, Organisational: 16}
	have, kind, all := map[string]int{}, map[Kind]int{}, loaded(t).All()
	for _, c := range all {
		have[section(c.ID)]++
		kind[c.Kind]++
	}
	if !maps.Equal(have, want) {
		t.Errorf("sections hold %v, want %v", have, want)
	}
	if !maps.Equal(kind, kinds) {
		t.Errorf("kinds are %v, want %v", kind, kinds)
	}
	if len(all) != 404 {
		t.Errorf("%d clauses, want 404", len(all))
	}
}

func TestEveryClauseIsCheckedOrSupportedAndSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	owner := map[string]string{} // check → its clause that repeats none
	for _, c := range loaded(t).All() {
		if (c.Check == "") == (c.Support == "") {
			t.Errorf("%s: wants a check or a support", c.ID)
		}
		if !name.MatchString(c.Check + c.Support) {
			t.Errorf("%s: %q is no name", c.ID, c.Check+c.Support)
		}
		if c.Repeats == "" && c.Check != "" {
			if owner[c.Check] != "" {
				t.Errorf("%s and %s have the check %s: one of them repeats the other", owner[c.Check], c.ID, c.Check)
			}
			owner[c.Check] = c.ID
		}
		if c.Built != (c.Why == "") {
			t.Errorf("%s: what is not built says why, and nothing else does", c.ID)
		}
		if c.Repeats == "" && (c.Kind == Organisational) != (c.Support != "") {
			t.Errorf("%s: what people do is supported, the rest is checked", c.ID)
		}
	}
	if len(owner) < 270 {
		t.Errorf("%d checks", len(owner))
	}
}

func TestEntitiesOfClausesAreTablesOfTheSchema(t *testing.T) {
	t.Parallel()
	columns, err := store.DataMap()
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]bool{}
	for _, c := range columns {
		tables[c.Table] = true
	}
	laws := []string{"gdpr", "uk", "kvkk", "ccpa", "us", "lgpd", "pipeda"}
	for _, c := range loaded(t).All() {
		for _, e := range c.Entities {
			if !tables[e] {
				t.Errorf("%s: there is no table %s", c.ID, e)
			}
		}
		for _, l := range c.Laws {
			if !slices.Contains(laws, l) {
				t.Errorf("%s: law %s", c.ID, l)
			}
		}
	}
}

func TestEveryClauseSpeaksBothLanguagesAndNoneTwice(t *testing.T) {
	t.Parallel()
	place := regexp.MustCompile(`\{[a-z_.]+\}`)
	said := map[string]string{}
	for _, chapter := range loaded(t).Chapters {
		if chapter.Title["en"] == "" || chapter.Title["tr"] == "" || chapter.Title["en"] == chapter.Title["tr"] {
			t.Errorf("chapter %s: titles %v", chapter.Name, chapter.Title)
		}
		for _, c := range chapter.Clauses {
			if c.Repeats != "" {
				continue
			}
			en, tr := c.Says["en"], c.Says["tr"]
			for _, s := range []string{en, tr} {
				if s == "" || s != strings.TrimSpace(s) || !strings.HasSuffix(s, ".") && s != "{role}" {
					t.Errorf("%s: %q is no sentence", c.ID, s)
				}
				if s != "{role}" && said[s] != "" {
					t.Errorf("%s says what %s says", c.ID, said[s])
				}
				said[s] = c.ID
			}
			a, b := place.FindAllString(en, -1), place.FindAllString(tr, -1)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Errorf("%s: English fills %v, Turkish %v", c.ID, a, b)
			}
			if slices.Contains(a, "{term}") {
				if _, known := TermOf(c.Term); !known {
					t.Errorf("%s: there is no term %q", c.ID, c.Term)
				}
			}
		}
	}
}

func TestAClauseWithAnUnknownFieldIsRefused(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"a field":        "chapter: a\nen: A\ntr: B\nclauses:\n- id: X-1\n  chek: a\n",
		"a second file":  "chapter: a\nen: A\ntr: B\nclauses: []\n---\nchapter: b\n",
		"a built of yes": "chapter: a\nclauses:\n- id: X-1\n  built: [yes]\n",
	} {
		if _, err := decode([]byte(raw)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
