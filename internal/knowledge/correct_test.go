package knowledge_test

import (
	"slices"
	"testing"

	"parley/internal/desk"
	"parley/internal/knowledge"
	"parley/internal/store"
)

func answered(r knowledge.Result) string {
	if len(r.Passages) == 0 {
		return ""
	}
	return r.Passages[0].Text
}

// A correction is what the next question is answered with: at once where a
// passage was wrong, also after its source is read again, and as a pair of its
// own where nothing was.
func TestACorrectionIsAnsweredFromTheNextQuestionOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.k.Redact = hides{"ana@example.com"}
		const asked = "How long do refunds take?"
		s := w.faq(t, "Money", knowledge.Pair{Question: asked, Answer: "Refunds take 5 days."}, knowledge.Pair{Question: "Do you deliver to Malta?", Answer: "Yes, to Malta too."})
		from := w.ask(t, asked).Passages[0]
		by := desk.Actor{Kind: desk.ByMember, ID: 7}
		if _, err := w.k.Correct(t.Context(), w.ws, knowledge.Correction{Passage: from.ID, Answer: "Refunds take 3 days.", By: by}); err != nil {
			t.Fatal(err)
		}
		if got := answered(w.ask(t, asked)); got != "Refunds take 3 days." {
			t.Fatalf("at once: %q", got)
		}
		w.settled(t, s.ID)
		said, err := w.k.Input(t.Context(), w.ws, s.ID)
		if err != nil || len(said.Pairs) != 2 || !slices.ContainsFunc(said.Pairs, func(p knowledge.Pair) bool { return p.Question == asked && p.Answer == "Refunds take 3 days." }) {
			t.Fatalf("%+v %v", said, err)
		}
		for _, p := range w.pieces(t, s.ID) {
			if p.Question == asked && (p.Text != "Refunds take 3 days." || p.Original != "" || p.ID != from.ID) {
				t.Fatalf("read again: %+v", p)
			}
		}
		fresh := knowledge.Correction{Question: "Do you gift wrap? Write to ana@example.com", Answer: "Yes, for 2 EUR.", Name: "Corrections", By: by}
		made, err := w.k.Correct(t.Context(), w.ws, fresh)
		if err != nil {
			t.Fatal(err)
		}
		w.settled(t, made.ID)
		fresh.Answer = "Yes, free of charge."
		if _, err := w.k.Correct(t.Context(), w.ws, fresh); err != nil {
			t.Fatal(err)
		}
		w.settled(t, made.ID)
		said, err = w.k.Input(t.Context(), w.ws, made.ID)
		if err != nil || len(said.Pairs) != 1 || said.Pairs[0].Question != "Do you gift wrap? Write to …" || said.Pairs[0].Answer != "Yes, free of charge." {
			t.Fatalf("%+v %v", said, err)
		}
		if got := answered(w.ask(t, "Do you gift wrap?")); got != "Yes, free of charge." {
			t.Fatalf("a pair of its own: %q", got)
		}
		for code, c := range map[desk.Code]knowledge.Correction{desk.NotFound: {Passage: 1, Answer: "x"}, desk.Invalid: {Question: "x", Answer: " "}} {
			if _, err := w.k.Correct(t.Context(), w.ws, c); desk.CodeOf(err) != code {
				t.Errorf("%+v: %v, want %s", c, err, code)
			}
		}
	})
}

// Who found something all right stays known when the same is found again, and
// the dismissal can be taken back.
func TestADismissalSaysWhoAndIsTakenBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		found := []store.Finding{{Kind: knowledge.FoundStale, Name: "one", Sources: []desk.ID{5}, Passages: []store.FindingPassage{}}}
		again := func() { w.write(t, func(tx *store.Tx) error { return tx.SetFindings(found) }) }
		list := func(dismissed bool) []store.Finding {
			t.Helper()
			all, err := w.k.Findings(t.Context(), w.ws, dismissed, knowledge.FindingPage{Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		again()
		one := list(false)[0]
		if err := w.k.DismissFinding(t.Context(), w.ws, one.ID, desk.Actor{Kind: desk.ByMember, ID: 7}); err != nil {
			t.Fatal(err)
		}
		again()
		if all := list(true); len(list(false)) != 0 || len(all) != 1 || all[0].Dismissed.By.ID != 7 || all[0].Dismissed.By.Kind != desk.ByMember || all[0].Dismissed.At.IsZero() {
			t.Fatalf("%+v", all)
		}
		if err := w.k.RecallFinding(t.Context(), w.ws, one.ID, desk.Actor{}); err != nil {
			t.Fatal(err)
		}
		again()
		if all := list(false); len(all) != 1 || !all[0].Dismissed.At.IsZero() || len(list(true)) != 0 {
			t.Fatalf("%+v", all)
		}
		if err := w.k.RecallFinding(t.Context(), w.ws, 9, desk.Actor{}); !desk.IsNotFound(err) {
			t.Fatal(err)
		}
		told, err := w.k.Tell(t.Context(), w.ws, list(false))
		if err != nil || len(told) != 1 || told[0].Names[0] != "" {
			t.Fatalf("%+v %v", told, err)
		}
	})
}
