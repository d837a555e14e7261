package talk_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/answer"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/llm"
	"parley/internal/llm/openai"
	"parley/internal/privacy"
	vendor "parley/sim/llm"
	"parley/sim/meta"
	"parley/test/storetest"
	"parley/test/talk"
)

var races = flag.Int("races", 0, "how many acts the race with a slow model has on SQLite, a quarter of it on PostgreSQL; 0 = some")

// shelf is a knowledge that leaves every answer to a model, which quotes it.
type shelf struct{ *talk.Finder }

const opening = "Our opening hours on Monday are from 9 to 18."

func (s shelf) Answer(ctx context.Context, ws desk.ID, q answer.Question) (answer.Finding, error) {
	f, err := s.Finder.Answer(ctx, ws, q)
	ref := desk.SourceRef{N: 1, SourceID: 7, PassageID: 77, Name: "Hours", Quote: opening}
	f.Text, f.Sources, f.Score, f.Engine = "By itself: "+opening, []desk.SourceRef{ref}, 0.9, answer.Extractive
	f.Passages = []answer.Passage{{Ref: ref, Title: "Opening hours", Text: opening, Score: 0.9}}
	return f, err
}

// onlyModel opens the stand-in of a vendor through the adapter of the product.
type onlyModel struct{ llm.Adapter }

func (m onlyModel) Installed(desk.Vendor) bool                       { return true }
func (m onlyModel) Open(llm.Settings, llm.Care) (llm.Adapter, error) { return m.Adapter, nil }

// slowRace is a world whose answers wait for a model until somebody acts.
type slowRace struct {
	*testing.T
	*talk.World
	place    *talk.Place
	clock    *meta.Shifted
	model    *vendor.Sim
	ticks    *clock.Fake // the model's own
	eraser   *privacy.Eraser
	restrict *privacy.Restrict

	steer sync.Mutex
	mu    sync.Mutex
	pace  []string            // what was done to the workspace, in order
	flags map[desk.ID][]bool  // of a contact: silenced or not, act by act
	whose map[desk.ID]desk.ID // conversations by contact, of those erased
}

// window is short, and the clock moves by more at a time.
const window = time.Hour

func openRace(t *testing.T, w *storetest.World, clk *meta.Shifted) *slowRace {
	x := talk.New(t, w)
	r := &slowRace{T: t, World: x, clock: clk, ticks: clock.NewFake(storetest.Start()), flags: map[desk.ID][]bool{}, whose: map[desk.ID]desk.ID{}}
	r.model = vendor.New(vendor.Options{Clock: r.ticks, Seed: 5})
	at := httptest.NewServer(r.model.Handler())
	t.Cleanup(func() { r.model.Close(); at.Close() })
	calls, err := httpx.New(clk, httpx.Rule{Name: "model", Purpose: httpx.Infrastructure, Private: []string{strings.TrimPrefix(at.URL, "http://")}, Timeout: time.Minute})
	must(t, err)
	inner, err := openai.New(openai.Options{URL: at.URL, Key: secret.New("sk-test-0123456789"), Calls: calls, Rule: "model", Style: openai.Responses})
	must(t, err)
	log := audit.NewLog(w.DB)
	x.Answer.Finder, x.Answer.Audit = shelf{x.Finder}, log
	x.Answer.Models = onlyModel{llm.NewCareful(inner, llm.NewCircuit(clk), clk, llm.Care{})}
	r.eraser = privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB))
	r.restrict = privacy.NewRestrict(privacy.RestrictParts{DB: w.DB, Keys: w.Keys, Flow: x.Flow, Inbox: x.Inbox, Audit: log})
	x.Channel.Skills.Window = window
	x.Run(nil)
	r.place = x.Place("shop", 0)
	r.settings(func(s *desk.AISettings) {
		s.Provider, s.Models, s.Purposes = desk.OpenAI, map[desk.Vendor]string{desk.OpenAI: "gpt-5-mini"}, []desk.AIPurpose{desk.AIReply}
		s.TokensPerDay, s.CentsPerDay = 0, 0
	})
	// Two of three calls wait until somebody acts.
	r.model.Weather(vendor.Slow, vendor.Force{Chance: 0.67, For: time.Second})
	return r
}

// beat ends the waiting of all models.
func (r *slowRace) beat() { r.ticks.Advance(time.Second) }

func (r *slowRace) settings(change func(*desk.AISettings)) {
	ws := r.place.Handle.Workspace()
	s, err := r.World.Answer.Settings(ctx, ws)
	must(r.T, err)
	change(&s)
	_, err = r.World.Answer.SaveSettings(ctx, ws, talk.Member(), s)
	must(r.T, err)
	r.pace = append(r.pace, "settings")
}

// act does one thing to a person's conversation, or to all.
func (r *slowRace) act(who string, n int, rnd *rand.Rand) (err error) {
	c := r.place.With(who)
	ws, member := c.Workspace, talk.Member()
	dice := rnd.IntN(100)
	if c.ID == 0 { // erased: it begins anew
		r.place.Says(who, fmt.Sprintf("q %d What are your opening hours on Monday?", n))
		r.Until("it is filed", func() bool { r.beat(); return r.place.With(who).ID != 0 })
		return nil
	}
	switch {
	case dice < 45:
		r.place.Says(who, fmt.Sprintf("q %d What are your opening hours on Monday?", n))
	case dice < 50:
		_, err = r.Inbox.TakeOver(ctx, ws, c.ID, member)
	case dice < 73:
		_, err = r.Inbox.HandBack(ctx, ws, c.ID, member)
	case dice < 75:
		_, err = r.Inbox.SetPaused(ctx, ws, c.ID, member, true)
	case dice < 83:
		_, err = r.Inbox.SetPaused(ctx, ws, c.ID, member, false)
	case dice < 85:
		err = r.silence(ws, c.Contact, true, dice == 84)
	case dice < 94:
		err = r.silence(ws, c.Contact, false, false)
	case dice < 96:
		r.mu.Lock()
		r.whose[c.Contact] = c.ID
		r.mu.Unlock()
		_, err = r.eraser.Erase(ctx, ws, c.Contact)
	default:
		err = r.all(ws, dice == 97, rnd)
	}
	return err
}

// silence restricts a contact, or ends automatic answers to them, or lifts that.
func (r *slowRace) silence(ws, contact desk.ID, on, objects bool) error {
	want := privacy.Restrictions{Restricted: &on}
	switch {
	case !on:
		want.NoAutomation = &on
	case objects:
		want = privacy.Restrictions{NoAutomation: &on}
	}
	set, err := r.restrict.Set(ctx, ws, contact, talk.Member(), want)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flags[contact] = append(r.flags[contact], set.Restricted || set.NoAutomation)
	return err
}

// all changes something for everybody, one at a time, so that the events of the
// workspace are those written down here.
func (r *slowRace) all(ws desk.ID, closes bool, rnd *rand.Rand) (err error) {
	r.steer.Lock()
	defer r.steer.Unlock()
	switch {
	case closes && rnd.IntN(4) == 0: // every window at once
		r.clock.Move(window + time.Minute)
	case rnd.IntN(2) == 0:
		r.settings(func(s *desk.AISettings) { s.Instruction = fmt.Sprint("Say we, never I. ", rnd.IntN(1000)) })
	default:
		for _, paused := range []bool{true, false} {
			if _, err = r.Inbox.SteerWorkspace(ctx, ws, talk.Member(), inbox.Steer{Paused: &paused}); err != nil {
				return err
			}
			r.pace = append(r.pace, map[bool]string{true: "paused", false: "resumed"}[paused])
			r.beat()
		}
	}
	return err
}

// TestNoAIMessageOfASlowModelEntersSendingAfterAStop throws take-overs, pauses of
// one and of all, restrictions, objections, erasures, new lines, changed settings
// and closed windows at turns that wait for a model (covers H-32).
func TestNoAIMessageOfASlowModelEntersSendingAfterAStop(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		race(t, "", cmp.Or(*races, modelActs))
	})
	t.Run("postgres", func(t *testing.T) { // every act is a round of network calls there
		t.Parallel()
		race(t, storetest.PostgreSQL(t), max(cmp.Or(*races, modelActs)/4, modelActs/2))
	})
}

func race(t *testing.T, url string, acts int) {
	clk := meta.NewShifted(clock.Real{})
	r := openRace(t, storetest.Open(t, storetest.Options{Clock: clk, URL: url}), clk)
	const drivers = 12
	people := drivers * max(8, acts/300)
	begin := time.Now()
	var all sync.WaitGroup
	for d := range drivers {
		all.Go(func() {
			rnd := rand.New(rand.NewPCG(11, uint64(d)))
			for i := range acts / drivers {
				// Each sender writes from one driver, so that their order is known.
				who := fmt.Sprint("p", d+drivers*rnd.IntN(people/drivers))
				if err := r.act(who, i+1, rnd); err != nil {
					t.Errorf("act: %v", err)
					return
				}
				r.beat()
			}
		})
	}
	all.Wait()
	r.model.Calm()
	r.Until("no work due", func() bool {
		r.beat() // whoever waited before the calm
		return len(r.Due()) == 0
	})
	r.judge()
	t.Logf("%d acts in %v", acts, time.Since(begin).Round(time.Millisecond))
	for i := range people {
		r.ordered(fmt.Sprint("p", i))
	}
}

// ordered: what a person wrote stands once and in its order, also where an
// erasure in between had it filed a second time.
func (r *slowRace) ordered(who string) {
	all := r.place.Thread(who)
	slices.SortStableFunc(all, func(a, b desk.Message) int { return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Seq, b.Seq)) })
	last := -1
	for _, m := range all {
		var n int
		if m.Direction != desk.In {
			continue
		}
		if _, err := fmt.Sscanf(string(m.Body), "q %d", &n); err != nil || n <= last {
			r.Errorf("%s: %q after %d (%v)", who, string(m.Body), last, err)
		}
		last = n
	}
}
