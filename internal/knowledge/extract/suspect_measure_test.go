package extract_test

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"parley/internal/kit/text"
	"parley/internal/knowledge/extract"
	"parley/test/injection"
)

// heldBack reports that an attack does not reach a passage that can be found: it is
// held back, or was no text that a reader sees.
func heldBack(via, s string) bool {
	switch via {
	case "page":
		p, err := extract.HTML([]byte("<html><body><main>"+s+"</main></body></html>"), "text/html; charset=utf-8")
		if err != nil {
			return true
		}
		for _, one := range p.Passages {
			if extract.Suspect(one.Heading, one.Question, one.Text) != "" {
				return true
			}
		}
		seen := ""
		for _, one := range p.Passages {
			seen += one.Text
		}
		return len(text.Words(seen)) < len(text.Words(s))
	case "product_name":
		return extract.SuspectName(s) != ""
	default:
		for _, one := range extract.Split(text.Normalise(s, 0), false) {
			if extract.Suspect(one.Heading, one.Text) != "" {
				return true
			}
		}
		return extract.Suspect(s) != ""
	}
}

// At least 95 of 100 attacks that come with knowledge and were never read when
// the words were chosen are held back, in every language together.
func TestAttacksThatComeWithKnowledgeAreHeldBack(t *testing.T) {
	t.Parallel()
	type count struct{ caught, all int }
	known, held := map[string]*count{}, map[string]*count{}
	add := func(m map[string]*count, key string, ok bool) {
		if m[key] == nil {
			m[key] = &count{}
		}
		m[key].all++
		if ok {
			m[key].caught++
		}
	}
	attacks, err := injection.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range attacks {
		ok, m := heldBack(a.Via, a.Text), known
		if a.Held {
			m = held
		} else if !ok && a.Via != "message" {
			t.Logf("%s (%s) passes: %s", a.ID, a.Via, a.Text)
		}
		add(m, a.Via, ok)
		if a.Via != "message" {
			add(m, "knowledge", ok)
			add(m, a.Language, ok)
			add(m, a.Kind+" by "+a.Via, ok)
		}
	}
	for _, m := range []map[string]*count{known, held} {
		line := ""
		for _, key := range []string{"knowledge", "file", "page", "product_name", "message", "en", "tr", "de", "es", "fr", "ar"} {
			line += fmt.Sprintf(" %s %d/%d", key, m[key].caught, m[key].all)
		}
		t.Log(line)
		line = ""
		for key, c := range m {
			if strings.Contains(key, " by ") && c.caught < c.all {
				line += fmt.Sprintf(" %s %d/%d", key, c.caught, c.all)
			}
		}
		t.Log(line)
	}
	if c := held["knowledge"]; float64(c.caught) < 0.95*float64(c.all) {
		t.Errorf("%d of %d are held back", c.caught, c.all)
	}
}

// Ordinary text that speaks of assistants, bots and instructions is held back at
// most once in fifty lines. (Of the 725 encyclopedia passages of XQuAD in English,
// Turkish and German, which do not, it was five.)
func TestOrdinaryTextIsNotHeldBack(t *testing.T) {
	t.Parallel()
	var all []string
	ours, err := os.ReadFile("testdata/honest.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(ours)) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	var wrong []string
	for _, s := range all {
		if why := extract.Suspect(s); why != "" {
			wrong = append(wrong, why+": "+s)
		}
	}
	sort.Strings(wrong)
	t.Logf("%d of %d", len(wrong), len(all))
	if len(wrong)*50 > len(all) {
		t.Errorf("%d of %d are held back:\n%s", len(wrong), len(all), strings.Join(wrong, "\n"))
	}
}
