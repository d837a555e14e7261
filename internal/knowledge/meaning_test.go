package knowledge_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/knowledge"
	"parley/internal/llm"
	"parley/internal/store"
	"parley/test/storetest"
)

// maker makes vectors and counts what it was asked for. Its vectors point at
// topics that the test names, so that it knows what no word tells.
type maker struct {
	mu    sync.Mutex
	texts []string
	give  func(texts []string) ([][]float32, error) // nil = by topic
}

func (m *maker) Embed(_ context.Context, _ desk.ID, _ desk.AISettings, texts []string) ([][]float32, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.texts = append(m.texts, texts...)
	if m.give != nil {
		return m.give(texts)
	}
	var all [][]float32
	for _, t := range texts {
		all = append(all, topic(t))
	}
	return all, nil
}

func (m *maker) set(give func([]string) ([][]float32, error)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.give = give
}

func (m *maker) asked() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.texts)
}

var topics = [][]string{{"coat", "palto"}, {"shipping", "kargo", "delivery"}, {"open", "saat"}, {"confidential", "NDA"}}

// topic points where the first word of a topic stands.
func topic(t string) []float32 {
	v := []float32{0.1, 0.1, 0.1, 0.1}
	for i, words := range topics {
		for _, w := range words {
			if strings.Contains(t, w) {
				v[i] = 1
			}
		}
	}
	return v
}

// meaning is each with vectors made of what changes, by a maker.
func meaning(t *testing.T, fn func(t *testing.T, w *world, m *maker)) {
	rule := func(on desk.EventKind) flow.Rule {
		return flow.Rule{On: on, Do: knowledge.MeaningWork, Key: flow.ByWorkspace, After: time.Millisecond, Coalesce: true}
	}
	storetest.EachWorld(t, storetest.Options{Clock: clock.Real{}}, func(t *testing.T, s *storetest.World) {
		f := flow.New(flow.Config{DB: s.DB, Clock: s.Clock, Rules: []flow.Rule{rule(desk.SourceChanged), rule(desk.WorkspaceChanged)}})
		m := &maker{}
		k := knowledge.New(knowledge.Parts{DB: s.DB, Flow: f, Embed: m})
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- f.Run(ctx, k.Handlers(), nil) }()
		t.Cleanup(func() {
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
		fn(t, &world{s, k, f, storetest.Workspace(t, s.DB, "one").Workspace()}, m)
	})
}

// means switches the search by meaning on; an empty model switches it off.
func (w *world) means(t *testing.T, ws desk.ID, model string) {
	t.Helper()
	err := w.In(ws).Write(t.Context(), func(tx *store.Tx) error {
		s, err := tx.AISettings()
		if err != nil {
			return err
		}
		s.Provider, s.Purposes = desk.OpenAI, []desk.AIPurpose{desk.AIMeaning}
		s.Meaning = desk.Meaning{Vendor: desk.OpenAI, Model: model}
		if _, err := tx.AddAISettings(s, desk.Actor{Kind: desk.BySystem}); err != nil {
			return err
		}
		return w.flow.Emit(tx, desk.Event{Kind: desk.WorkspaceChanged, Object: ws})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// state waits until how far the vectors are is as it should be.
func (w *world) state(t *testing.T, what string, ok func(knowledge.MeaningState) bool) knowledge.MeaningState {
	t.Helper()
	return soon(t, w, what, func(ctx context.Context) (knowledge.MeaningState, error) { return w.k.MeaningState(ctx, w.ws) }, ok)
}

func made(n int64) func(knowledge.MeaningState) bool {
	return func(s knowledge.MeaningState) bool { return s.Passages == n && s.Made == n && s.Fault == "" }
}

func (w *world) vectors(t *testing.T, ws desk.ID) int {
	t.Helper()
	n := 0
	err := w.In(ws).Read(t.Context(), func(r *store.Rx) error {
		all, err := r.VectorStamps()
		n = len(all)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A vector is made of what is new, once; what goes takes its vector with it in the
// same commit.
func TestVectorsFollowThePassagesAndNothingElseIsAskedFor(t *testing.T) {
	t.Parallel()
	meaning(t, func(t *testing.T, w *world, m *maker) {
		w.means(t, w.ws, "m1")
		s := w.faq(t, "Shop", shop()...)
		w.state(t, "six made", made(6))
		if n := len(m.asked()); n != 6 {
			t.Fatalf("%d texts for six passages", n)
		}
		pairs := shop()
		pairs[1].Answer = "5.90 EUR, free from 80 EUR."
		if _, err := w.k.Update(t.Context(), w.ws, s.ID, knowledge.Change{Pairs: pairs}); err != nil {
			t.Fatal(err)
		}
		w.settled(t, s.ID)
		w.state(t, "the changed one made", func(s knowledge.MeaningState) bool { return made(6)(s) && len(m.asked()) > 6 })
		if all := m.asked(); len(all) != 7 || !strings.Contains(all[6], "5.90") {
			t.Fatalf("after one change %d texts, the last %q", len(all), all[len(all)-1])
		}
		name := "Another name"
		if _, err := w.k.Update(t.Context(), w.ws, s.ID, knowledge.Change{Name: &name}); err != nil {
			t.Fatal(err)
		}
		w.settled(t, s.ID)
		passages, err := w.k.Passages(t.Context(), w.ws, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		yes, no, edit := true, false, "Every day, 10 to 20."
		tend := func(c knowledge.Tend) {
			t.Helper()
			if _, err := w.k.ChangePassage(t.Context(), w.ws, passages[2].ID, c); err != nil {
				t.Fatal(err)
			}
		}
		tend(knowledge.Tend{Text: &edit})
		w.state(t, "the edited one made", func(s knowledge.MeaningState) bool { return made(6)(s) && len(m.asked()) > 7 })
		tend(knowledge.Tend{Hidden: &yes})
		if n := w.vectors(t, w.ws); n != 5 {
			t.Errorf("a hidden passage keeps its vector: %d are there", n)
		}
		tend(knowledge.Tend{Hidden: &no})
		w.state(t, "the shown one made", func(s knowledge.MeaningState) bool { return made(6)(s) && len(m.asked()) > 8 })
		if n := len(m.asked()); n != 9 {
			t.Errorf("%d texts went out, 9 were new", n)
		}
		if err := w.k.Delete(t.Context(), w.ws, s.ID, desk.Actor{}); err != nil {
			t.Fatal(err)
		}
		if n := w.vectors(t, w.ws); n != 0 {
			t.Errorf("%d vectors outlast their source", n)
		}
	})
}

// Another model's vectors take the place of the old ones; switched off, none are
// left and nobody is asked (covers A-7.1-01).
func TestVectorsBelongToOneModelAndToNoneWhenOff(t *testing.T) {
	t.Parallel()
	meaning(t, func(t *testing.T, w *world, m *maker) {
		s := w.faq(t, "Shop", shop()...)
		if n := len(m.asked()); n != 0 || w.vectors(t, w.ws) != 0 {
			t.Fatalf("%d texts went out before anybody switched it on", n)
		}
		w.means(t, w.ws, "m1")
		w.state(t, "made by the first", made(6))
		w.means(t, w.ws, "m2")
		w.state(t, "made by the second", func(s knowledge.MeaningState) bool { return made(6)(s) && len(m.asked()) == 12 })
		q := knowledge.Ask{Question: "Do you have a coat?", Meant: &knowledge.Meant{Vendor: desk.OpenAI, Model: "m1", Components: topic("coat")}}
		r, err := w.k.AnswerWithout(t.Context(), w.ws, knowledge.Without{}, q)
		if err != nil || r.Unmeant != "other_model" {
			t.Errorf("a question by the old model: %q, %v", r.Unmeant, err)
		}
		w.means(t, w.ws, "")
		if n := w.vectors(t, w.ws); n != 0 {
			t.Errorf("switched off, %d vectors are left", n)
		}
		pairs := shop()
		pairs[0].Answer = "No."
		if _, err := w.k.Update(t.Context(), w.ws, s.ID, knowledge.Change{Pairs: pairs}); err != nil {
			t.Fatal(err)
		}
		w.settled(t, s.ID)
		if n := len(m.asked()); n != 12 || w.vectors(t, w.ws) != 0 {
			t.Errorf("switched off, %d texts went out", n-12)
		}
	})
}

// What the words do not find, the meaning does: for a model to read, never to be
// quoted unread; in one workspace alone, and after a restart.
func TestMeaningBringsPassagesAndChangesNoVerdict(t *testing.T) {
	t.Parallel()
	meaning(t, func(t *testing.T, w *world, m *maker) {
		other := storetest.Workspace(t, w.DB, "two").Workspace()
		w.means(t, w.ws, "m1")
		w.means(t, other, "m1")
		pairs := append(shop(), knowledge.Pair{Question: "Are agreements on secrecy possible?", Answer: "We keep what you tell us confidential, and confirm it in writing."})
		w.faq(t, "Shop", pairs...)
		w.state(t, "made", made(7))
		question := "Do your people sign an NDA?"
		plain := w.ask(t, question)
		ask := knowledge.Ask{Question: question, Meant: &knowledge.Meant{Vendor: desk.OpenAI, Model: "m1", Components: topic(question)}}
		again := knowledge.New(knowledge.Parts{DB: w.DB, Flow: w.flow, Embed: m})
		for name, k := range map[string]*knowledge.Knowledge{"the same process": w.k, "a new one": again} {
			r, err := k.AnswerWithout(t.Context(), w.ws, knowledge.Without{}, ask)
			if err != nil || r.Unmeant != "" {
				t.Fatalf("%s: %v %s", name, err, r.Unmeant)
			}
			if r.Decision != plain.Decision || len(r.Sources) != len(plain.Sources) || r.Text != plain.Text {
				t.Errorf("%s: the verdict became %s from %s", name, r.Decision, plain.Decision)
			}
			at := slices.IndexFunc(r.Passages, func(f knowledge.Found) bool { return f.Near.Place == 1 })
			if at < 0 || !strings.Contains(r.Passages[at].Text, "confidential") || r.Passages[at].Near.Likeness < 0.9 {
				t.Errorf("%s: by meaning nothing came: %+v", name, r.Passages)
			}
		}
		r, err := w.k.AnswerWithout(t.Context(), other, knowledge.Without{}, ask)
		if err != nil || len(r.Passages) != 0 {
			t.Errorf("another workspace found %d passages, %v", len(r.Passages), err)
		}
	})
}

// A vendor that fails or answers nonsense leaves the words, says why in its own
// words, and what it could not do is done once it is well.
func TestAVendorThatFailsLeavesTheWords(t *testing.T) {
	t.Parallel()
	nonsense := func(change func([][]float32) [][]float32) func([]string) ([][]float32, error) {
		return func(texts []string) ([][]float32, error) {
			var all [][]float32
			for _, t := range texts {
				all = append(all, topic(t))
			}
			return change(all), nil
		}
	}
	meaning(t, func(t *testing.T, w *world, m *maker) {
		fail := &llm.Error{Kind: llm.Busy, Words: "Rate limit reached.", RetryAfter: time.Minute}
		cases := map[string]func([]string) ([][]float32, error){
			"busy": func([]string) ([][]float32, error) { return nil, fail },
			"budget": func([]string) ([][]float32, error) {
				return nil, desk.Fail(desk.Unavailable, "budget", "it is used up")
			},
			"unknown": func([]string) ([][]float32, error) { return nil, errors.New("something else") },
			"too few": nonsense(func(v [][]float32) [][]float32 { return v[1:] }),
			"NaN":     nonsense(func(v [][]float32) [][]float32 { v[0][0] = float32(math.NaN()); return v }),
			"endless": nonsense(func(v [][]float32) [][]float32 { v[0][0] = float32(math.Inf(1)); return v }),
			"nothing": nonsense(func(v [][]float32) [][]float32 { v[0] = make([]float32, 4); return v }),
			"lengths": nonsense(func(v [][]float32) [][]float32 { v[0] = v[0][:3]; return v }),
		}
		w.means(t, w.ws, "m0")
		w.faq(t, "Shop", shop()...)
		w.state(t, "made", made(6))
		for name, give := range cases {
			m.set(give)
			w.means(t, w.ws, name)
			s := w.state(t, name+" is noted", func(s knowledge.MeaningState) bool { return s.Fault != "" })
			if s.Made != 0 || w.vectors(t, w.ws) != 0 || !s.NextAt.After(s.FaultAt) {
				t.Errorf("%s: %+v", name, s)
			}
			if name == "busy" && (s.Fault != "busy" || s.Words != "Rate limit reached." || s.NextAt.Sub(s.FaultAt) < 59*time.Second) {
				t.Errorf("busy: %+v", s)
			}
			q := knowledge.Ask{Question: "shipping cost Germany", Meant: &knowledge.Meant{Vendor: desk.OpenAI, Model: name, Components: topic("shipping")}}
			if r, err := w.k.AnswerWithout(t.Context(), w.ws, knowledge.Without{}, q); err != nil || len(r.Passages) == 0 {
				t.Errorf("%s: the words find %d, %v", name, len(r.Passages), err)
			}
			m.set(nil)
			if err := w.k.RetryMeaning(t.Context(), w.ws); err != nil {
				t.Fatal(err)
			}
			w.state(t, name+" is over", made(6))
		}
	})
}

// One passage that the vendor does not take is left to its words; the others get
// their vectors, and nobody asks for it for ever.
func TestOnePassageThatIsRefusedHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	meaning(t, func(t *testing.T, w *world, m *maker) {
		w.means(t, w.ws, "m1")
		w.faq(t, "Shop", shop()...)
		w.state(t, "made", made(6))
		m.set(func(texts []string) ([][]float32, error) {
			var all [][]float32
			for _, t := range texts {
				if strings.Contains(t, "poison") {
					return nil, &llm.Error{Kind: llm.BadRequest, Status: 400, Words: "invalid input"}
				}
				all = append(all, topic(t))
			}
			return all, nil
		})
		var pairs []knowledge.Pair
		for _, q := range []string{"A", "B", "poison", "C", "D"} {
			pairs = append(pairs, knowledge.Pair{Question: q + " or not?", Answer: "It depends on " + q + "."})
		}
		w.faq(t, "More", pairs...)
		s := w.state(t, "all but one made", func(s knowledge.MeaningState) bool {
			return s.Made == 10 && s.Refused == 1 && s.Fault == ""
		})
		if s.Passages != 11 {
			t.Errorf("%+v", s)
		}
	})
}
