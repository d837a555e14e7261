package knowledge_test

import (
	"context"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/knowledge"
	"parley/internal/store"
)

// hides stands for what takes personal data out of texts.
type hides struct{ word string }

func (h hides) Redact(text string, names ...string) string {
	for _, secret := range append(names, h.word) {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	return text
}

// visitor is somebody who asks.
type visitor struct {
	contact, conversation desk.ID
}

func (w *world) visitor(t *testing.T, name string) visitor {
	t.Helper()
	v := visitor{}
	w.write(t, func(tx *store.Tx) error {
		v = visitor{tx.NewID(), tx.NewID()}
		acct := desk.Account{ID: tx.NewID(), Kind: "pigeon", OutsideID: name, State: desk.AccountActive}
		if err := tx.InsertAccount(acct); err != nil {
			return err
		}
		if err := tx.InsertContact(desk.Contact{ID: v.contact, Name: name}); err != nil {
			return err
		}
		return tx.InsertConversation(desk.Conversation{ID: v.conversation, Contact: v.contact, Account: acct.ID, State: desk.Open})
	})
	return v
}

func (w *world) write(t *testing.T, fn func(*store.Tx) error) {
	t.Helper()
	if err := w.DB.In(w.ws).Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// misses files what a visitor wrote and a turn that found no answer to it.
func (w *world) misses(t *testing.T, v visitor, run desk.Run, lines ...string) desk.Message {
	t.Helper()
	var last desk.Message
	w.write(t, func(tx *store.Tx) error {
		c, err := tx.LockConversation(v.conversation)
		if err != nil {
			return err
		}
		for _, line := range lines {
			last = desk.Message{Direction: desk.In, Kind: desk.KindText, Status: desk.StatusDelivered, Body: desk.Body(line),
				Author: desk.Author{Kind: desk.FromContact, ID: v.contact}}
			if err := tx.AppendMessage(&c, &last); err != nil {
				return err
			}
		}
		if err := tx.SaveConversation(c); err != nil {
			return err
		}
		run.ID, run.Conversation, run.Trigger = tx.NewID(), v.conversation, last.ID
		if run.Decision == "" {
			run.Decision, run.Outcome, run.Reason = desk.DecideHandOver, "handed_over", "no_answer"
		}
		if run.Outcome == "sent" {
			said := desk.Message{Direction: desk.Out, Kind: desk.KindText, Status: desk.StatusSent, Body: "?", Author: desk.Author{Kind: desk.FromAI}}
			if err := tx.AppendMessage(&c, &said); err != nil {
				return err
			}
			if err := tx.SaveConversation(c); err != nil {
				return err
			}
		}
		if err := tx.InsertRun(v.contact, run); err != nil {
			return err
		}
		return w.flow.Emit(tx, desk.Event{Kind: desk.QuestionOpen, Conversation: v.conversation, Message: last.ID, Object: run.ID})
	})
	return last
}

func eachGap(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Parallel()
	rules := []flow.Rule{{On: desk.QuestionOpen, Do: knowledge.GapWork, Key: flow.ByWorkspace}}
	eachWith(t, 0, rules, func(t *testing.T, w *world) {
		w.k.Redact = hides{"ana@example.com"}
		fn(t, w)
	})
}

// gaps waits until questions were looked at, n of which joined gaps.
func (w *world) gaps(t *testing.T, state store.GapState, questions int) []knowledge.Gap {
	t.Helper()
	return soon(t, w, "looked at", func(ctx context.Context) ([]knowledge.Gap, error) {
		return w.k.Gaps(ctx, w.ws, knowledge.GapList{State: state, Texts: true}, 100)
	}, func(all []knowledge.Gap) bool {
		n := 0
		for _, g := range all {
			n += g.Questions
		}
		return n == questions
	})
}

// Ten ways to ask are one gap, and what only looks alike is another.
func TestTenWaysToAskAreOneGap(t *testing.T) {
	eachGap(t, func(t *testing.T, w *world) {
		ana := w.visitor(t, "Ana")
		ways := []string{"Do you ship to Norway?", "can you deliver to norway", "Is shipping to Norway possible?", "SHIPPING NORWAY??", "do u send parcels to Norway",
			"Hello, I would like to know whether you deliver to Norway", "delivery to Norway?", "do you ship to Norwey?", "Are you shipping to Norway", "Norway delivery"}
		for _, line := range ways {
			w.misses(t, ana, desk.Run{Language: "en"}, line)
		}
		w.misses(t, ana, desk.Run{Language: "en"}, "Do you ship to Sweden?")
		w.misses(t, ana, desk.Run{Language: "en"}, "Do you have gift cards?")
		all := w.gaps(t, store.GapOpen, len(ways)+2)
		if len(all) != 3 || all[2].Questions != len(ways) {
			for _, g := range all {
				t.Logf("%d %v", g.Questions, g.Examples)
			}
			t.Fatalf("%d gaps", len(all))
		}
		if g := all[2]; len(g.Examples) != 3 || g.Examples[0].Text != "Norway delivery" || len(g.Languages) != 1 || g.Languages[0] != "en" {
			t.Fatalf("%+v", g)
		}
	})
}

// covers, decision 18: a burst counts once and by the line that asks;
// nothing is learned from who objected, is restricted or limited, or told
// something special.
func TestGapsLearnOnlyFromWhoMayBeLearnedFrom(t *testing.T) {
	eachGap(t, func(t *testing.T, w *world) {
		for name, change := range map[string]func(*desk.Contact){
			"restricted": func(c *desk.Contact) { c.Restricted = true }, "objects": func(c *desk.Contact) { c.NoAutomation = true },
			"limited": func(c *desk.Contact) { c.Limited = true },
		} {
			v := w.visitor(t, name)
			w.write(t, func(tx *store.Tx) error {
				_, err := tx.ChangeContact(v.contact, func(c *desk.Contact) error { change(c); return nil })
				return err
			})
			w.misses(t, v, desk.Run{Language: "en"}, "Do you ship to Norway?")
		}
		ana := w.visitor(t, "Ana")
		w.misses(t, ana, desk.Run{Language: "en", About: desk.About{Special: []string{"health"}}}, "I have diabetes, can I eat the chocolate?")
		w.misses(t, ana, desk.Run{Language: "en", Decision: desk.DecideHandOver, Outcome: "handed_over", Reason: "topic"}, "I want my money back")
		offered := w.misses(t, ana, desk.Run{Language: "en", Decision: desk.DecideDidYouMean, Outcome: "sent"}, "What about the warranty of the lamp?")
		w.misses(t, ana, desk.Run{Language: "en"}, "hello", "Can I pay by invoice?", "thanks")
		all := w.gaps(t, store.GapOpen, 2)
		said := map[string]string{}
		for _, g := range all {
			said[g.Reason] = g.Examples[0].Text
		}
		if said["no_answer"] != "Can I pay by invoice?" || said["not_chosen"] != "What about the warranty of the lamp?" || offered.ID == 0 {
			t.Fatalf("%v", said)
		}
	})
}

// covers A-7.5-01: an answer to a gap is found by the words that were asked,
// without what tells about who asked, and those words leave with them.
func TestAnAnsweredGapIsFoundByTheWordsAskedUntilTheyAreErased(t *testing.T) {
	eachGap(t, func(t *testing.T, w *world) {
		ana, ben := w.visitor(t, "Ana"), w.visitor(t, "Ben")
		w.misses(t, ana, desk.Run{Language: "en"}, "Do your people sign an NDA? Write to ana@example.com, Ana")
		g := w.gaps(t, store.GapOpen, 1)[0]
		s, err := w.k.AnswerGap(t.Context(), w.ws, g.ID, knowledge.GapAnswer{Answer: "Everybody here signs a confidentiality agreement.", Name: "From gaps"})
		if err != nil {
			t.Fatal(err)
		}
		w.settled(t, s.ID)
		if r := w.ask(t, "do your people sign an NDA"); r.Decision != desk.DecideAnswer || r.Text != "Everybody here signs a confidentiality agreement." {
			t.Fatalf("%s %q", r.Decision, r.Text)
		}
		input, err := w.k.Input(t.Context(), w.ws, s.ID)
		pairs := input.Pairs
		if err != nil || len(pairs) != 1 || strings.Contains(pairs[0].Question, "ana@") || strings.Contains(pairs[0].Question, "Ana") || !strings.Contains(pairs[0].Question, "NDA") {
			t.Fatalf("%+v %v", pairs, err)
		}
		w.misses(t, ben, desk.Run{Language: "en"}, "Where can I park my bicycle?")
		g = w.gaps(t, store.GapOpen, 1)[0]
		second, err := w.k.AnswerGap(t.Context(), w.ws, g.ID, knowledge.GapAnswer{Answer: "In the yard.", Question: "Is there a place for bicycles?", Name: "From gaps"})
		if err != nil || second.ID != s.ID {
			t.Fatalf("%v %v, want the same source", second.ID, err)
		}
		if got := w.settled(t, s.ID); got.Passages != 2 {
			t.Fatalf("%d pairs", got.Passages)
		}
		if r := w.ask(t, "where can i park my bicycle"); r.Text != "In the yard." {
			t.Fatalf("%s %q", r.Decision, r.Text)
		}
		var held store.Holdings
		err = w.DB.In(w.ws).Read(t.Context(), func(r *store.Rx) (err error) { held, err = r.Holdings(ana.contact); return err })
		if err != nil || held.Phrasings != 1 || held.Questions != 1 {
			t.Fatalf("an erasure would list %+v, %v", held, err)
		}
		w.write(t, func(tx *store.Tx) error {
			for {
				if done, err := tx.EraseStep(ana.contact); err != nil || done {
					return err
				}
			}
		})
		input, err = w.k.Input(t.Context(), w.ws, s.ID)
		pairs = input.Pairs
		if err != nil || len(pairs) != 2 || strings.Contains(pairs[0].Question, "NDA") || pairs[0].Answer == "" {
			t.Fatalf("after the erasure %+v %v", pairs, err)
		}
		passages, err := w.k.Passages(t.Context(), w.ws, s.ID)
		if err != nil || strings.Contains(passages[0].Question, "NDA") {
			t.Fatalf("after the erasure %+v %v", passages, err)
		}
		if r := w.ask(t, "do your people sign an NDA"); r.Decision == desk.DecideAnswer {
			t.Fatalf("the erased words still find %q", r.Text)
		}
		if r := w.ask(t, "where can i park my bicycle"); r.Text != "In the yard." {
			t.Fatalf("others' words went too: %s %q", r.Decision, r.Text)
		}
		if left := w.gaps(t, store.GapAnswered, 1); left[0].ID != g.ID {
			t.Fatal("the erased contact's gap is still there")
		}
	})
}

// A way to ask that was added to a passage of any kind counts at once, and stays
// when the source is read anew.
func TestAWayToAskOutlastsANewReading(t *testing.T) {
	eachGap(t, func(t *testing.T, w *world) {
		s, err := w.k.AddText(t.Context(), w.ws, knowledge.Source{Name: "Staff"}, "# Staff\n\n## Secrecy\n\nEverybody here signs a confidentiality agreement.\n\n## Lunch\n\nLunch is at noon.", true)
		if err != nil {
			t.Fatal(err)
		}
		w.settled(t, s.ID)
		question := "Do your people put their name under an NDA?"
		if r := w.ask(t, question); r.Decision == desk.DecideAnswer {
			t.Fatalf("found before: %q", r.Text)
		}
		ana := w.visitor(t, "Ana")
		w.misses(t, ana, desk.Run{Language: "en"}, question)
		g := w.gaps(t, store.GapOpen, 1)[0]
		passages, err := w.k.Passages(t.Context(), w.ws, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		secrecy := passages[0]
		if words, err := w.k.AdoptPhrasing(t.Context(), w.ws, g.ID, secrecy.ID, desk.Actor{}); err != nil || len(words) != 1 || words[0].Text != question {
			t.Fatalf("%+v %v", words, err)
		}
		want := func() {
			t.Helper()
			if r := w.ask(t, question); r.Decision != desk.DecideAnswer || !strings.Contains(r.Text, "confidentiality") {
				t.Fatalf("%s %q (%.2f)", r.Decision, r.Text, r.Score)
			}
		}
		want()
		changed := "# Staff\n\n## Secrecy\n\nEverybody here signs a confidentiality agreement.\n\n## Lunch\n\nLunch is at one."
		if _, err := w.k.Update(t.Context(), w.ws, s.ID, knowledge.Change{Text: &changed}); err != nil {
			t.Fatal(err)
		}
		w.settled(t, s.ID)
		want()
		var suggested store.Phrasing
		w.write(t, func(tx *store.Tx) (err error) {
			suggested, err = tx.AddPhrasing(secrecy, store.Phrasing{Text: "Are your employees bound to secrecy?", Language: "en", State: store.PhrasingSuggested})
			return err
		})
		all, err := w.k.Phrasings(t.Context(), w.ws, secrecy.ID)
		if err != nil || len(all) != 2 || all[1].State != store.PhrasingSuggested {
			t.Fatalf("%+v %v", all, err)
		}
		if p, err := w.k.ApprovePhrasing(t.Context(), w.ws, suggested.ID, desk.Actor{}); err != nil || p.State != store.PhrasingActive {
			t.Fatalf("%+v %v", p, err)
		}
		if r := w.ask(t, "are your employees bound to secrecy"); !strings.Contains(r.Text, "confidentiality") {
			t.Fatalf("%s %q", r.Decision, r.Text)
		}
		if err := w.k.DropPhrasing(t.Context(), w.ws, all[0].ID, desk.Actor{}); err != nil {
			t.Fatal(err)
		}
		if r := w.ask(t, question); r.Decision == desk.DecideAnswer {
			t.Fatalf("a removed wording still finds %q", r.Text)
		}
	})
}

// Words that a business calls the same find the same, from the next question on,
// also where the index was kept.
func TestSynonymsCountFromTheNextQuestion(t *testing.T) {
	eachGap(t, func(t *testing.T, w *world) {
		w.faq(t, "Staff", knowledge.Pair{Question: "Do your people sign a confidentiality agreement?", Answer: "Everybody does."},
			knowledge.Pair{Question: "Do your people work on Sundays?", Answer: "Nobody does."})
		before := w.ask(t, "Do your people sign an NDA?")
		groups := [][]string{{"NDA", "confidentiality agreement", " nda "}, {"couch", "sofa"}}
		if err := w.k.SetSynonyms(t.Context(), w.ws, desk.Actor{}, "en", groups); err != nil {
			t.Fatal(err)
		}
		if r := w.ask(t, "Do your people sign an NDA?"); r.Decision != desk.DecideAnswer || r.Text != "Everybody does." || r.Score <= before.Score {
			t.Fatalf("%s %q, %.2f after %.2f", r.Decision, r.Text, r.Score, before.Score)
		}
		other := knowledge.New(knowledge.Parts{DB: w.DB, Flow: w.flow})
		if r, err := other.Answer(t.Context(), w.ws, "Do your people sign an NDA?", "en"); err != nil || r.Text != "Everybody does." {
			t.Fatalf("another node says %q, %v", r.Text, err)
		}
		all, err := w.k.Synonyms(t.Context(), w.ws)
		if err != nil || len(all) != 1 || len(all[0].Groups) != 2 || len(all[0].Groups[0]) != 2 {
			t.Fatalf("%+v %v", all, err)
		}
		if err := w.k.SetSynonyms(t.Context(), w.ws, desk.Actor{}, "en", nil); err != nil {
			t.Fatal(err)
		}
		if r := w.ask(t, "Do your people sign an NDA?"); r.Score != before.Score {
			t.Fatalf("%.3f, before the synonyms %.3f", r.Score, before.Score)
		}
		for _, wrong := range [][][]string{{{"alone"}}, {{"a", ""}}, {{strings.Repeat("x", 200), "y"}}} {
			if err := w.k.SetSynonyms(t.Context(), w.ws, desk.Actor{}, "en", wrong); desk.CodeOf(err) != desk.Invalid {
				t.Errorf("%v: %v", wrong, err)
			}
		}
		if err := w.k.SetSynonyms(t.Context(), w.ws, desk.Actor{}, "xx", groups); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("a language that nobody knows: %v", err)
		}
	})
}
