package answer_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/answer"
	"parley/internal/desk"
	"parley/test/storetest"
)

// byMeaning switches search by meaning on.
func byMeaning(s *desk.AISettings) {
	s.Purposes = append(s.Purposes, desk.AIMeaning)
	s.Meaning = desk.Meaning{Vendor: desk.OpenAI, Model: "text-embedding-3-small"}
}

// Whoever makes vectors and says nothing costs a customer three seconds and no
// more: the question is then searched for by its words, and the model answers.
func TestAVectorThatDoesNotComeIsGivenUpAfterThreeSeconds(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	c := open(t, w.DB, desk.DecideAnswer)
	model := c.on(byMeaning)
	came := model.Mute()
	model.Say(says("It is 6.90 EUR.", "P1", "Shipping to Germany costs 6.90 EUR"))
	done := make(chan answer.Asked, 1)
	go func() { done <- c.ask(asked) }()
	<-came
	w.Fake.Advance(2900 * time.Millisecond)
	select {
	case got := <-done:
		t.Fatalf("it gave up early: %+v", got.Checks)
	default:
	}
	w.Fake.Advance(100 * time.Millisecond)
	got := <-done
	noted := slices.ContainsFunc(got.Checks, func(c desk.Check) bool { return c.Name == "meaning_timeout" })
	if got.Engine != answer.Modelled || got.Text != "It is 6.90 EUR." || !noted || got.Took != 3*time.Second {
		t.Fatalf("%s %q after %v: %+v", got.Engine, got.Text, got.Took, got.Checks)
	}
}

// With search by meaning on, the preview holds the passages that a turn would
// find, says that the question was sent for its vector, masked, and asks no model
// for an answer (covers H-77).
func TestThePreviewHoldsWhatIsFoundByMeaning(t *testing.T) {
	t.Parallel()
	c := open(t, storetest.Open(t, storetest.Options{}).DB, desk.DecideHandOver)
	model := c.on(byMeaning)
	const question = "How much for posting it? canary@private.example"
	shown, err := c.Preview(t.Context(), c.of, answer.Question{Text: question, Language: "en"})
	if err != nil || !shown.Meant || !strings.Contains(shown.Data, "Orders over 80 EUR") {
		t.Fatalf("%v %+v", err, shown)
	}
	if asked, sent := model.Asked(), model.Embedded(); len(asked) != 0 || len(sent) != 1 || strings.Contains(sent[0].Texts[0], "canary") {
		t.Fatalf("asked %d times; for vectors: %+v", len(asked), sent)
	}
	model.Say(says("It is 6.90 EUR.", "P1", "Shipping to Germany costs 6.90 EUR"))
	c.ask(question)
	if sent, err := model.Bytes(model.Asked()[0]); err != nil || string(sent) != string(shown.Body) {
		t.Fatalf("sent and shown differ: %v\n%s\n%s", err, sent, shown.Body)
	}
}
