package answer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"parley/internal/answer"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/llm"
	"parley/internal/llm/fake"
	"parley/internal/store"
	"parley/test/storetest"
)

// shelf is a knowledge of two passages that says what the test wants.
type shelf struct{ decision desk.Decision }

func (s shelf) Answer(_ context.Context, _ desk.ID, q answer.Question) (answer.Finding, error) {
	passages := []answer.Passage{
		{Ref: desk.SourceRef{N: 1, SourceID: 1, PassageID: 11, Name: "Shipping"}, Title: "Shipping", Text: "Shipping to Germany costs 6.90 EUR and takes 3 to 5 working days.", Score: 0.9},
		{Ref: desk.SourceRef{N: 2, SourceID: 1, PassageID: 12, Name: "Shipping"}, Title: "Free shipping", Text: "Orders over 80 EUR ship free of charge.", Score: 0.6},
	}
	f := answer.Finding{Decision: s.decision, Language: "en", Score: 0.8, Engine: answer.Extractive, Passages: passages}
	switch {
	case s.decision == desk.DecideAnswer:
		f.Text, f.Sources = passages[0].Text, []desk.SourceRef{passages[0].Ref}
	case s.decision == desk.DecideHandOver && q.Meant != nil:
		f.Passages[0].Near.Place = 1
	case s.decision == desk.DecideHandOver && len(q.Queries) == 0:
		f.Passages = nil
	}
	return f, nil
}

func (shelf) Languages(context.Context, desk.ID) ([]string, error) { return []string{"en"}, nil }

func (shelf) Stale(context.Context, desk.ID) ([]desk.ID, error) { return nil, nil }

// vendors are models of vendors by name.
type vendors map[string]*fake.Model

func (v vendors) Installed(desk.Vendor) bool { return true }

func (v vendors) Open(s llm.Settings, _ llm.Care) (llm.Adapter, error) {
	if m := v[s.Vendor]; m != nil {
		return m, nil
	}
	return nil, &llm.Error{Kind: llm.BadKey, Cause: errors.New("no such vendor here")}
}

// counter is a workspace with its answer engine.
type counter struct {
	*testing.T
	*answer.Answer
	ws      store.Handle
	of      desk.ID
	vendors vendors
}

func open(t *testing.T, db *store.DB, decision desk.Decision) *counter {
	t.Helper()
	c := &counter{T: t, vendors: vendors{}}
	c.ws = storetest.Workspace(t, db, "Northwind")
	c.of = c.ws.Workspace()
	c.Answer = answer.New(answer.Parts{DB: db, Flow: flow.New(flow.Config{DB: db, Clock: db.Clock()}), Finder: shelf{decision}, Models: c.vendors, Audit: audit.NewLog(db)})
	return c
}

// on switches models on and returns the first vendor's.
func (c *counter) on(change func(*desk.AISettings)) *fake.Model {
	c.Helper()
	s, err := c.Settings(c.Context(), c.of)
	if err != nil {
		c.Fatal(err)
	}
	s.Provider, s.Models = desk.OpenAI, map[desk.Vendor]string{desk.OpenAI: "gpt-5", desk.Anthropic: "claude-sonnet-4-5"}
	s.Purposes = []desk.AIPurpose{desk.AIReply, desk.AISuggest}
	if change != nil {
		change(&s)
	}
	if _, err := c.SaveSettings(c.Context(), c.of, desk.Actor{Kind: desk.BySystem}, s); err != nil {
		c.Fatal(err)
	}
	c.vendors["openai"] = fake.New()
	return c.vendors["openai"]
}

func (c *counter) ask(q string) answer.Asked {
	c.Helper()
	got, err := c.Ask(c.Context(), c.of, "", answer.Question{Text: q, Language: "en"})
	if err != nil {
		c.Fatal(err)
	}
	return got
}

// says is a model's answer of one part.
func says(text, passage, quote string) fake.Answer {
	return fake.Answer{JSON: fmt.Sprintf(`{"answerable":true,"parts":[{"text":%q,"passage_id":%q,"quote":%q}],"language":"en","needs_human":false,"reason":""}`, text, passage, quote),
		Usage: llm.Usage{In: 400, Out: 60}}
}

const asked = "What does shipping to Germany cost?"

// A new workspace makes no call; a switched-on one sends what was checked, with
// its source, and counts what it cost (covers H-32, A-7.1-01).
func TestAModelAnswersOnlyOnceItIsSwitchedOn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db, desk.DecideAnswer)
		c.vendors["openai"] = fake.New()
		if got := c.ask(asked); got.Engine != answer.Extractive || len(c.vendors["openai"].Asked()) != 0 {
			t.Fatalf("before: %s, %d calls", got.Engine, len(c.vendors["openai"].Asked()))
		}
		c.on(nil).Say(says("Shipping to Germany is 6.90 EUR.", "P1", "Shipping to Germany costs 6.90 EUR"))
		got := c.ask(asked)
		if got.Engine != answer.Modelled || got.Text != "Shipping to Germany is 6.90 EUR." || len(got.Sources) != 1 || got.Sources[0].PassageID != 11 {
			t.Fatalf("after: %s %q from %+v, checks %+v", got.Engine, got.Text, got.Sources, got.Checks)
		}
		err := c.ws.Read(t.Context(), func(r *store.Rx) error {
			tokens, _, err := r.Spent(db.Clock().Now())
			if tokens != 460 {
				t.Errorf("%d tokens were counted", tokens)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Whatever a model says that does not stand in what it was given is not sent:
// the knowledge answers by itself, or a person is called.
func TestWordsOfAModelThatDoNotHoldAreNotSent(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, storetest.Options{}).DB
	quote := "Shipping to Germany costs 6.90 EUR"
	for name, said := range map[string]fake.Answer{
		"an invented price":       says("Shipping to Germany costs 4.50 EUR.", "P1", quote),
		"a foreign passage":       says("Shipping to Germany costs 6.90 EUR.", "P9", quote),
		"an invented quote":       says("Shipping to Germany is possible.", "P1", "we ship anything to Germany"),
		"a promised act":          says("I have cancelled your order. Shipping costs 6.90 EUR.", "P1", quote),
		"a link elsewhere":        says("Shipping costs 6.90 EUR, see https://evil.example/pay.", "P1", quote),
		"another language":        says("Almanya'ya gönderim ücreti 6,90 EUR tutarındadır ve birkaç iş günü sürer.", "P1", quote),
		"private data asked for":  says("Shipping costs 6.90 EUR. Please send me your card number.", "P1", quote),
		"an invented placeholder": says("Write to [EMAIL_7], shipping costs 6.90 EUR.", "P1", quote),
		"no JSON":                 {JSON: `{"answerable":`},
		"nothing":                 {Err: &llm.Error{Kind: llm.Server}},
		"no money":                {Err: &llm.Error{Kind: llm.Quota}},
		"too slow":                {Err: &llm.Error{Kind: llm.Timeout}},
	} {
		for _, gate := range []desk.Decision{desk.DecideAnswer, desk.DecideDidYouMean} {
			t.Run(name+", "+string(gate), func(t *testing.T) {
				t.Parallel()
				c := open(t, db, gate)
				c.on(nil).Say(said)
				got := c.ask(asked)
				if got.Engine == answer.Modelled || strings.Contains(got.Text, "4.50") || strings.Contains(got.Text, "evil") {
					t.Fatalf("sent %q", got.Text)
				}
				if gate == desk.DecideAnswer && (got.Outcome != "sent" && got.Outcome != "nothing" && got.Outcome != "drafted" || got.Text == "") {
					t.Fatalf("the knowledge's own answer is not there: %s %q", got.Outcome, got.Text)
				}
				if len(c.vendors["openai"].Asked()) != 1 {
					t.Fatalf("%d calls", len(c.vendors["openai"].Asked()))
				}
			})
		}
	}
}

// One bad part of two: the rest waits for a person, it is not sent by itself.
func TestAnAnswerWithADroppedPartIsADraft(t *testing.T) {
	t.Parallel()
	c := open(t, storetest.Open(t, storetest.Options{}).DB, desk.DecideAnswer)
	c.on(nil).Say(fake.Answer{JSON: `{"answerable":true,"language":"en","needs_human":false,"reason":"","parts":[
		{"text":"Shipping to Germany costs 6.90 EUR.","passage_id":"P1","quote":"Shipping to Germany costs 6.90 EUR"},
		{"text":"It is free over 50 EUR.","passage_id":"P2","quote":"Orders over 80 EUR ship free of charge"}]}`})
	got := c.ask(asked)
	if got.Hold != "check_figures" || got.Outcome != "handed_over" || !strings.Contains(got.Text, "6.90") || strings.Contains(got.Text, "50 EUR") {
		t.Fatalf("%s, held for %q: %q", got.Outcome, got.Hold, got.Text)
	}
}

// When the first vendor fails, the second is asked only where that is allowed
// (covers A-7.1-01).
func TestTheSecondVendorIsAskedOnlyWhereAllowed(t *testing.T) {
	t.Parallel()
	for _, allowed := range []bool{true, false} {
		c := open(t, storetest.Open(t, storetest.Options{}).DB, desk.DecideAnswer)
		c.on(func(s *desk.AISettings) {
			if allowed {
				s.Fallback = desk.Anthropic
			}
		}).Say(fake.Answer{Err: &llm.Error{Kind: llm.Server}})
		c.vendors["anthropic"] = fake.New(says("It is 6.90 EUR.", "P1", "Shipping to Germany costs 6.90 EUR"))
		got := c.ask(asked)
		if n := len(c.vendors["anthropic"].Asked()); (n == 1) != allowed || (got.Engine == answer.Modelled) != allowed {
			t.Fatalf("allowed %v: %d calls to the second vendor, engine %s", allowed, n, got.Engine)
		}
	}
}

// At the day's limit no call is made any more, and the knowledge answers.
func TestTheDaysLimitEndsCalls(t *testing.T) {
	t.Parallel()
	c := open(t, storetest.Open(t, storetest.Options{}).DB, desk.DecideAnswer)
	model := c.on(func(s *desk.AISettings) { s.TokensPerDay = 400 })
	model.Say(says("It is 6.90 EUR.", "P1", "Shipping to Germany costs 6.90 EUR"))
	c.ask(asked)
	if got := c.ask(asked); got.Engine != answer.Extractive || got.Text == "" || len(model.Asked()) != 1 {
		t.Fatalf("over the limit: %s %q after %d calls", got.Engine, got.Text, len(model.Asked()))
	}
}

// What is private in a question reaches no vendor, and comes back in the answer
// alone (covers A-7.1-05).
func TestPrivateDetailsReachNoVendor(t *testing.T) {
	t.Parallel()
	c := open(t, storetest.Open(t, storetest.Options{}).DB, desk.DecideAnswer)
	model := c.on(nil)
	model.Say(says("For [EMAIL_1] too: shipping to Germany costs 6.90 EUR.", "P1", "Shipping to Germany costs 6.90 EUR"))
	got := c.ask("I am canary@example.com, call +90 532 555 01 23, TR33 0006 1005 1978 6457 8413 26. What does shipping to Germany cost?")
	body, err := model.Bytes(model.Asked()[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"canary@", "532 555", "0006 1005", "5550123"} {
		if strings.Contains(string(body), private) {
			t.Errorf("%s was sent: %s", private, body)
		}
	}
	if !strings.Contains(got.Text, "canary@example.com") {
		t.Errorf("the answer is %q", got.Text)
	}
}

// Special categories of data go to no model at all (covers A-6-01), and the four
// topics go to a person (covers A-7.4-02).
func TestWhatIsSpecialGoesToNoModel(t *testing.T) {
	t.Parallel()
	c := open(t, storetest.Open(t, storetest.Options{}).DB, desk.DecideAnswer)
	model := c.on(nil)
	for q, outcome := range map[string]string{
		"I have diabetes and take insulin. What does shipping to Germany cost?": "",
		"I want my money back now, you charged me twice":                        "handed_over",
		"My lawyer will sue you":                                                "handed_over",
		"Can I talk to a person please?":                                        "handed_over",
	} {
		got := c.ask(q)
		if outcome != "" && got.Outcome != outcome {
			t.Errorf("%q: %s (%s)", q, got.Outcome, got.Why)
		}
	}
	if n := len(model.Asked()); n != 0 {
		t.Errorf("%d calls were made", n)
	}
}

// The preview is what is sent, to the byte (covers H-77, A-7.1-02, A-7.1-04).
func TestThePreviewIsWhatIsSent(t *testing.T) {
	t.Parallel()
	c := open(t, storetest.Open(t, storetest.Options{}).DB, desk.DecideAnswer)
	model := c.on(func(s *desk.AISettings) { s.Instruction, s.Tone = "Say we, not I.", desk.ToneWarm })
	shown, err := c.Preview(t.Context(), c.of, answer.Question{Text: asked, Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	model.Say(says("It is 6.90 EUR.", "P1", "Shipping to Germany costs 6.90 EUR"))
	c.ask(asked)
	sent, err := model.Bytes(model.Asked()[0])
	if err != nil || string(sent) != string(shown.Body) {
		t.Fatalf("sent and shown differ: %v\n%s\n%s", err, sent, shown.Body)
	}
	if !strings.Contains(string(sent), "Say we, not I.") || strings.Count(shown.Data, "fence-") != 3 {
		t.Fatalf("the prompt is %s\n%s", shown.System, shown.Data)
	}
}

// With rewriting on, a question whose words the knowledge does not use finds its
// passage, and a model answers from it.
func TestARewrittenQuestionFindsWhatItsOwnWordsDoNot(t *testing.T) {
	t.Parallel()
	c := open(t, storetest.Open(t, storetest.Options{}).DB, desk.DecideHandOver)
	model := c.on(func(s *desk.AISettings) { s.Purposes = append(s.Purposes, desk.AIRewrite) })
	model.Say(fake.Answer{JSON: `{"queries":["shipping cost Germany"]}`}, says("It is 6.90 EUR.", "P1", "Shipping to Germany costs 6.90 EUR"))
	if got := c.ask("How much for posting it to Berlin?"); got.Engine != answer.Modelled || got.Text != "It is 6.90 EUR." {
		t.Fatalf("%s %q %+v", got.Engine, got.Text, got.Checks)
	}
}

// Of two who save the settings at once one is told; a restored version is a new
// one (covers H-77).
func TestSettingsAreSavedOnceAndRestored(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db, desk.DecideAnswer)
		ctx, me := t.Context(), desk.Actor{Kind: desk.ByMember, ID: 5}
		first, err := c.Settings(ctx, c.of)
		if err != nil {
			t.Fatal(err)
		}
		first.Instruction = "one"
		saved, err := c.SaveSettings(ctx, c.of, me, first)
		if err != nil || saved.Version != 1 {
			t.Fatalf("%d, %v", saved.Version, err)
		}
		if _, err := c.SaveSettings(ctx, c.of, me, first); desk.CodeOf(err) != desk.Conflict {
			t.Fatalf("an old version was saved over a newer: %v", err)
		}
		saved.Instruction = "two"
		if _, err := c.SaveSettings(ctx, c.of, me, saved); err != nil {
			t.Fatal(err)
		}
		back, err := c.RestoreSettings(ctx, c.of, me, 1)
		if err != nil || back.Version != 3 || back.Instruction != "one" {
			t.Fatalf("restored %+v, %v", back, err)
		}
		saved.Temperature = 3
		if _, err := c.SaveSettings(ctx, c.of, me, saved); desk.CodeOf(err) != desk.Invalid {
			t.Fatalf("a wrong temperature: %v", err)
		}
	})
}
