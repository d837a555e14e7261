package knowledge_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/knowledge"
	"parley/internal/store"
	"parley/test/storetest"
)

// world is a store with the reading of sources going on.
type world struct {
	*storetest.World
	k    *knowledge.Knowledge
	flow *flow.Flow
	ws   desk.ID
}

func each(t *testing.T, fn func(t *testing.T, w *world)) { eachWith(t, 0, nil, fn) }

func eachWith(t *testing.T, rest time.Duration, rules []flow.Rule, fn func(t *testing.T, w *world)) {
	storetest.EachWorld(t, storetest.Options{Clock: clock.Real{}}, func(t *testing.T, s *storetest.World) {
		f := flow.New(flow.Config{DB: s.DB, Clock: s.Clock, Rules: rules})
		k := knowledge.New(knowledge.Parts{DB: s.DB, Flow: f, Rest: rest})
		w := &world{s, k, f, storetest.Workspace(t, s.DB, "one").Workspace()}
		t.Cleanup(w.works(t))
		fn(t, w)
	})
}

// settled waits until a source is read.
func (w *world) settled(t *testing.T, id desk.ID) store.Source {
	t.Helper()
	return soon(t, w, "read", func(ctx context.Context) (store.Source, error) { return w.k.Source(ctx, w.ws, id) },
		func(s store.Source) bool { return s.State == store.SourceReady || s.State == store.SourceFailed })
}

func (w *world) faq(t *testing.T, name string, pairs ...knowledge.Pair) store.Source {
	t.Helper()
	s, err := w.k.AddFAQ(t.Context(), w.ws, knowledge.Source{Name: name}, pairs)
	if err != nil {
		t.Fatal(err)
	}
	if s.State != store.SourceQueued {
		t.Errorf("a new source is %s", s.State)
	}
	return w.settled(t, s.ID)
}

func (w *world) ask(t *testing.T, question string) knowledge.Result {
	t.Helper()
	r, err := w.k.Answer(t.Context(), w.ws, question, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func shop() []knowledge.Pair {
	return []knowledge.Pair{
		{Question: "Can I return a coat that does not fit?", Answer: "Yes, within 30 days, unworn.", Alternatives: []string{"The coat is too small, can I send it back?"}},
		{Question: "What does shipping to Germany cost?", Answer: "4.90 EUR, free from 80 EUR."},
		{Question: "When are you open?", Answer: "Monday to Saturday, 10 to 19."},
		{Question: "Dar gelen paltoyu iade edebilir miyim?", Answer: "Evet, 30 gün içinde, giyilmemişse."},
		{Question: "Almanya'ya kargo ücreti ne kadar?", Answer: "4,90 EUR, 80 EUR üzeri ücretsiz."},
		{Question: "Hangi saatlerde açıksınız?", Answer: "Pazartesi–cumartesi, 10–19."},
	}
}

func TestAnswersQuoteTheBusinessInTheLanguageOfTheQuestion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s := w.faq(t, "Shop", shop()...)
		if s.State != store.SourceReady || s.Passages != 6 {
			t.Fatalf("state %s (%s), %d passages", s.State, s.Reason, s.Passages)
		}
		for question, want := range map[string]string{
			"can I return a coat that is too small?":    "Yes, within 30 days, unworn.",
			"Dar gelen bir paltoyu iade edebilir miyim": "Evet, 30 gün içinde, giyilmemişse.",
			"What is the shipping cost to Germany?":     "4.90 EUR, free from 80 EUR.",
		} {
			r := w.ask(t, question)
			if r.Decision != desk.DecideAnswer || r.Text != want {
				t.Errorf("%q: %s %q (%.2f)", question, r.Decision, r.Text, r.Score)
				continue
			}
			if len(r.Sources) != 1 || r.Sources[0].SourceID != s.ID || r.Sources[0].Name != "Shop" || r.Sources[0].Quote != want {
				t.Errorf("%q: sources %+v", question, r.Sources)
			}
		}
		for _, question := range []string{"Do you sell laptops?", "What is the capital of France?", "Fransa'nın başkenti neresi?", "?!"} {
			if r := w.ask(t, question); r.Decision == desk.DecideAnswer || r.Text != "" {
				t.Errorf("%q is answered: %q (%.2f)", question, r.Text, r.Score)
			}
		}
	})
}

func TestARemovedSourceIsFoundByNobody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s := w.faq(t, "Shop", shop()...)
		other := knowledge.New(knowledge.Parts{DB: w.DB, Flow: w.flow}) // another node
		question := "Can I return a coat that is too small?"
		if r, err := other.Answer(t.Context(), w.ws, question, "en"); err != nil || r.Decision != desk.DecideAnswer {
			t.Fatalf("other node: %v %v", r.Decision, err)
		}
		chosen := w.ask(t, question).Passages[0].ID
		if r, err := w.k.Choose(t.Context(), w.ws, chosen); err != nil || r.Text == "" {
			t.Fatalf("choose: %q %v", r.Text, err)
		}
		if err := w.k.Delete(t.Context(), w.ws, s.ID, desk.Actor{}); err != nil {
			t.Fatal(err)
		}
		for _, k := range []*knowledge.Knowledge{w.k, other} {
			if r, err := k.Answer(t.Context(), w.ws, question, "en"); err != nil || r.Decision != desk.DecideHandOver || len(r.Passages) > 0 {
				t.Errorf("after the removal: %s, %d passages, %v", r.Decision, len(r.Passages), err)
			}
		}
		if _, err := w.k.Choose(t.Context(), w.ws, chosen); desk.CodeOf(err) != desk.NotFound {
			t.Errorf("a removed passage can be chosen: %v", err)
		}
		if err := w.k.Delete(t.Context(), w.ws, s.ID, desk.Actor{}); desk.CodeOf(err) != desk.NotFound {
			t.Errorf("second removal: %v", err)
		}
	})
}

func TestNoWorkspaceFindsTheKnowledgeOfAnother(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s := w.faq(t, "Shop", shop()...)
		two := storetest.Workspace(t, w.DB, "two").Workspace()
		r, err := w.k.Answer(t.Context(), two, "Can I return a coat that is too small?", "en")
		if err != nil || r.Decision != desk.DecideHandOver || len(r.Passages) > 0 {
			t.Errorf("%s, %d passages, %v", r.Decision, len(r.Passages), err)
		}
		if _, err := w.k.Passages(t.Context(), two, s.ID); desk.CodeOf(err) != desk.NotFound {
			t.Errorf("passages: %v", err)
		}
		if err := w.k.Delete(t.Context(), two, s.ID, desk.Actor{}); desk.CodeOf(err) != desk.NotFound {
			t.Errorf("delete: %v", err)
		}
		if _, err := w.k.AddFAQ(t.Context(), two, knowledge.Source{Name: "Shop"}, shop()); err != nil {
			t.Errorf("the same name in another workspace: %v", err)
		}
	})
}

func TestTwoSourcesNeverHaveTheSameName(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.faq(t, "İade Koşulları", shop()[0])
		second := w.faq(t, "Other", shop()[1])
		_, err := w.k.AddText(t.Context(), w.ws, knowledge.Source{Name: " iade  koşulları "}, "text", false)
		if desk.CodeOf(err) != desk.Conflict || !strings.Contains(err.Error(), "source_name_taken") {
			t.Errorf("a second source of the name: %v", err)
		}
		name := "iade koşulları"
		if _, err := w.k.Update(t.Context(), w.ws, second.ID, knowledge.Change{Name: &name}); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("renamed to a taken name: %v", err)
		}
		if all, err := w.k.Sources(t.Context(), w.ws, 0, 10); err != nil || len(all) != 2 {
			t.Errorf("%d sources, %v", len(all), err)
		}
	})
}

func TestNewInputReplacesTheOldAndKeepsUnchangedPassages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s := w.faq(t, "Shop", shop()[:3]...)
		before, err := w.k.Passages(t.Context(), w.ws, s.ID)
		if err != nil || len(before) != 3 {
			t.Fatal(len(before), err)
		}
		pairs := shop()[:3]
		pairs[1].Answer = "5.90 EUR, free from 90 EUR."
		if _, err := w.k.Update(t.Context(), w.ws, s.ID, knowledge.Change{Pairs: pairs}); err != nil {
			t.Fatal(err)
		}
		w.settled(t, s.ID)
		after, err := w.k.Passages(t.Context(), w.ws, s.ID)
		if err != nil || len(after) != 3 {
			t.Fatal(len(after), err)
		}
		if after[0].ID != before[0].ID || after[2].ID != before[2].ID || after[1].ID == before[1].ID {
			t.Errorf("ids before %v, after %v", ids(before), ids(after))
		}
		if r := w.ask(t, "What does shipping to Germany cost?"); r.Text != pairs[1].Answer {
			t.Errorf("answer %q", r.Text)
		}
	})
}

func ids(list []store.Passage) (out []desk.ID) {
	for _, p := range list {
		out = append(out, p.ID)
	}
	return out
}

func TestBadInputIsRefusedAndNothingIsStored(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	f := flow.New(flow.Config{DB: w.DB, Clock: w.Clock})
	k := knowledge.New(knowledge.Parts{DB: w.DB, Flow: f})
	ws := storetest.Workspace(t, w.DB, "one").Workspace()
	for _, c := range []struct{ file, raw, reason string }{
		{"a.txt", "", "empty"},
		{"a.txt", " \n\t ", "empty"},
		{"a.md", "---\n***\n", "no_text"},
		{"a.txt", "\x89PNG...", "wrong_type"},
		{"a.doc", "\xd0\xcf\x11\xe0...", "old_format"},
		{"a.pdf", "%PDF-1.7 ...", "reader_died"}, // none is there
		{"a.txt", "text\x00text", "wrong_type"},
		{"a.xlsx", "text", "damaged"},
		{"a.json", `{"question":"x"}`, "wrong_type"},
		{"a.json", "[]", "no_text"},
		{"a.json", `[{"question":"Only that?"}]`, "pair_incomplete"},
		{"a.txt", strings.Repeat("word ", 1<<20+1), "too_large"},
		{strings.Repeat("n", 300) + ".txt", "text", "name_too_long"},
	} {
		_, err := k.AddFile(t.Context(), ws, knowledge.Source{}, knowledge.Upload{Name: c.file, Raw: []byte(c.raw)})
		if desk.CodeOf(err) != desk.Invalid || !strings.Contains(err.Error(), "("+c.reason+")") {
			t.Errorf("%.20s %.12q: %v, want %s", c.file, c.raw, err, c.reason)
		}
	}
	if _, err := k.AddText(t.Context(), ws, knowledge.Source{Name: "x", URL: "javascript:alert(1)"}, "text", false); desk.CodeOf(err) != desk.Invalid {
		t.Errorf("script address: %v", err)
	}
	if all, err := k.Sources(t.Context(), ws, 0, 10); err != nil || len(all) > 0 {
		t.Errorf("%d sources stored, %v", len(all), err)
	}
}

func TestProseIsQuotedBySentence(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		body := "# Shop\n\n## Returns\n\nYou can return anything within 30 days. Send it to our warehouse in Izmir. " +
			strings.Repeat("We look at each parcel with care and write to you. ", 8) +
			"\n\n## Opening hours\n\nOur store in Berlin is open from 10 to 19.\n\n| Country | Price | Time |\n|---|---|---|\n| Austria | 6.90 EUR | 3 days |\n| France | 7.90 EUR | 4 days |\n"
		s, err := w.k.AddText(t.Context(), w.ws, knowledge.Source{Name: "Guide.md", URL: "https://shop.example/guide"}, body, true)
		if err != nil {
			t.Fatal(err)
		}
		w.settled(t, s.ID)
		r := w.ask(t, "When is the store in Berlin open?")
		if r.Decision != desk.DecideAnswer || r.Text != "Our store in Berlin is open from 10 to 19." {
			t.Errorf("%s %q %.2f", r.Decision, r.Text, r.Score)
		}
		if len(r.Sources) == 1 && (r.Sources[0].URL != "https://shop.example/guide" || r.Sources[0].Heading != "Shop > Opening hours") {
			t.Errorf("source %+v", r.Sources[0])
		}
		found, err := w.k.Search(t.Context(), w.ws, "price for Austria", "en", 3)
		if err != nil || len(found) == 0 || found[0].Text != "Country: Austria | Price: 6.90 EUR | Time: 3 days" {
			t.Errorf("%v %+v", err, found)
		}
	})
}
