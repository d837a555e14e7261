package talk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/sim/meta"
	"parley/test/storetest"
)

// unlike is a question that nobody has asked yet: who repeats themselves is taken
// for a program.
func unlike(i int) string {
	colours := strings.Fields("red blue green yellow black white grey brown pink purple orange silver golden beige navy olive teal coral ivory lilac khaki amber copper cream mint")
	things := strings.Fields("chair table lamp sofa shelf desk bench stool mirror carpet curtain pillow blanket clock vase basket drawer wardrobe bed cabinet")
	stuffs := strings.Fields("oak pine steel glass wool cotton linen leather marble bamboo rattan walnut brass velvet felt cork slate birch ash maple")
	c := len(colours)
	return fmt.Sprintf("q %s %s %s. What are your opening hours on Monday?", colours[i%c], things[i/c%len(things)], stuffs[i/c/len(things)%len(stuffs)])
}

// One person costs a workspace what six answers cost, however much they write:
// then a person of the business is asked, and no model until that one gives the
// conversation back (OWASP LLM10).
func TestTenThousandMessagesOfOnePersonAskAModelASmallNumberOfTimes(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]struct {
		url      string
		messages int
	}{"sqlite": {"", 10_000}, "postgres": {storetest.PostgreSQL(t), 2_000}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clk := meta.NewShifted(clock.Real{})
			r := openRace(t, storetest.Open(t, storetest.Options{Clock: clk, URL: run.url}), clk)
			r.model.Calm()
			// Alone and slowly, as a person does, each has a turn of its own.
			const alone = 20
			for i := range alone {
				r.place.Says("ana", unlike(i))
				r.Quiet()
				clk.Move(time.Minute)
			}
			perDelivery := (run.messages - alone) / 30
			for sent := alone; sent < run.messages; sent += perDelivery {
				var lines []string
				for i := range perDelivery {
					lines = append(lines, unlike(sent+i))
				}
				r.place.Says("ana", lines...)
				clk.Move(time.Minute)
			}
			r.Until("no work due", func() bool { r.beat(); return len(r.Due()) == 0 })
			if got := len(r.place.Thread("ana")); got < run.messages {
				t.Fatalf("%d messages are filed: this test floods nothing", got)
			}
			asked := func() int { return len(r.model.Calls()) }
			if got := asked(); got != desk.MaxTurns {
				t.Errorf("%d messages of one person asked a model %d times, want %d", run.messages, got, desk.MaxTurns)
			}
			if c := r.place.With("ana"); !c.NeedsPerson() {
				t.Errorf("nobody is asked to look: %+v", c.Conversation)
			}
			before := asked()
			r.place.Says("ben", "q What are your opening hours on Monday?")
			r.Until("somebody else is answered", func() bool {
				r.beat()
				return slices.ContainsFunc(r.place.Thread("ben"), func(m desk.Message) bool { return m.Author.Kind == desk.FromAI })
			})
			if asked() == before {
				t.Error("no model was asked for somebody else: this test counts nothing")
			}
		})
	}
}
