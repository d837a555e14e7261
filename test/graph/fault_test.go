package graph_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/answer"
	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/sim/llm"
	"parley/sim/meta"
	"parley/test/storetest"
)

// fault is one way in which a vendor or its model fails.
type fault struct {
	name  string
	force llm.Force
	knob  llm.Knob
	why   string // the reason on record
	calls int    // that are made for one answer
	hangs bool   // until the deadline
}

// callDeadline is how long a vendor may take, tries included.
const callDeadline = 12 * time.Second

// faults of the vendors: what helps is tried once more, what does not is not.
func faults() []fault {
	always := llm.Force{Times: -1}
	return []fault{
		{"hangs", always, llm.Hang, "timeout", 1, true},
		{"slower than its deadline", llm.Force{Times: -1, For: time.Hour}, llm.Slow, "timeout", 1, true},
		{"cuts its answer", always, llm.Cut, "broken", 1, false},
		{"no money", always, llm.OutOfMoney, "quota", 1, false},
		{"wrong key", always, llm.BadKey, "key", 1, false},
		{"too many, for a second", llm.Force{Times: -1, For: time.Second}, llm.TooMany, "busy", 2, false},
		{"too many, for an hour", llm.Force{Times: -1, For: time.Hour}, llm.TooMany, "busy", 1, false},
		{"fails", always, llm.ServerError, "server", 2, false},
		{"overloaded", always, llm.Overloaded, "busy", 2, false},
		{"a page for an answer", always, llm.HTMLError, "server", 2, false},
		{"no JSON", always, llm.InvalidJSON, "broken", 1, false},
		{"JSON of another form", always, llm.WrongForm, "broken", 1, false},
		{"an answer without end", always, llm.TooLong, "too_long", 1, false},
		{"declines", always, llm.Refusal, "refused", 1, false},
		{"another language", always, llm.WrongLanguage, "language", 1, false},
		{"an invented price", always, llm.InventedPrice, "figures", 1, false},
	}
}

// gale is a world whose deadlines need nobody to wait for them.
type gale struct {
	*world
	provider string
	sim      *llm.Sim
	at       *httptest.Server
	hurry    *hurry
}

// eachGale runs fn with one vendor on SQLite and the other on PostgreSQL.
func eachGale(t *testing.T, fn func(t *testing.T, s *gale)) {
	for provider, dsn := range map[string]string{"openai": "", "anthropic": storetest.PostgreSQL(t)} {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			sim, set, at := vendorAt(t)
			h := newHurry()
			w := openBy(t, h, dsn, set)
			w.shop(provider, "reply")
			w.connect("messenger", "facebook", meta.Choice{})
			fn(t, &gale{w, provider, sim, at, h})
		})
	}
}

// key changes the workspace's key, so that the circuit is another.
func (s *gale) key(name string) {
	s.Helper()
	s.good("PUT", "/api/v1/ai/keys/"+s.provider, map[string]string{"key": "sk-key-of-" + strings.ReplaceAll(name, " ", "-")}, nil)
}

// asked has a new customer ask, and answers what they read and how many calls
// that took. while is done once the first call came.
func (s *gale) asked(who, question string, while func()) (string, shownRun, int) {
	s.Helper()
	before := len(s.sim.Calls())
	chat := s.world.sim.Customer(meta.Profile{Name: who}).Writes(s.page)
	chat.Says(question)
	if while != nil {
		s.must(s.sim.Until(s.Context(), "the vendor is asked", func() bool { return len(s.sim.Calls()) > before }))
		while()
	}
	reply, err := chat.WaitReply(s.Context())
	if err != nil {
		s.Fatalf("%s heard nothing: %v", who, err)
	}
	s.until(who+" is known", func() bool {
		return slices.ContainsFunc(s.talks("messenger"), func(c talk) bool { return c.Contact.Name == who })
	})
	return reply.Text, s.lastRun(who), len(s.sim.Calls()) - before
}

const known = "How much is shipping to Germany?"

// However a vendor fails, the customer reads what the knowledge says by itself,
// within the time that models have (covers A-7.1-01, H-32).
func TestWhateverAVendorDoesTheCustomerIsAnswered(t *testing.T) {
	t.Parallel()
	eachGale(t, func(t *testing.T, s *gale) {
		for _, f := range faults() {
			s.sim.Calm()
			s.sim.Weather(f.knob, f.force)
			s.key(f.name)
			var while func()
			if f.hangs {
				while = func() { s.hurry.Pass(callDeadline) }
			}
			read, run, calls := s.asked("Customer of "+f.name, known, while)
			s.holds(f, read, run)
			if calls != f.calls {
				t.Errorf("%s: %d calls for one answer", f.name, calls)
			}
		}
		s.sim.Calm()
		s.key("nobody there")
		s.at.CloseClientConnections()
		s.must(s.at.Listener.Close())
		read, run, _ := s.asked("Customer of nobody", known, nil)
		s.holds(fault{name: "nobody there", why: "network"}, read, run)
	})
}

func (s *gale) holds(f fault, read string, run shownRun) {
	s.Helper()
	if !strings.Contains(read, "6.90 EUR") || badSign(read) != "" {
		s.Errorf("%s: the customer read %q", f.name, read)
	}
	why := slices.IndexFunc(run.Checks, func(c desk.Check) bool { return c.Name == "model_"+f.why || c.Name == "answer_"+f.why && !c.OK })
	if run.Engine != answer.Extractive || run.Outcome != "sent" || why < 0 {
		s.Errorf("%s: the turn is %s by %s, not for %s: %+v", f.name, run.Outcome, run.Engine, f.why, run.Checks)
	}
}

// A vendor that fails again and again is left alone, everybody is answered
// without it meanwhile and at once, one call later tries whether it is back, and
// a workspace with another key never notices (covers A-7.1-01).
func TestTheCircuitOfOneKeyOpensAndClosesForThatKeyAlone(t *testing.T) {
	eachGale(t, func(t *testing.T, s *gale) {
		s.key("first")
		other := s.second()
		s.sim.Weather(llm.ServerError, llm.Force{Times: -1})
		for n := range 3 { // five failures, two for an answer
			read, _, _ := s.asked("Customer "+string(rune('A'+n)), known, nil)
			if !strings.Contains(read, "6.90 EUR") {
				t.Errorf("while it fails: %q", read)
			}
		}
		for n := range 5 {
			read, run, calls := s.asked("Customer at rest "+string(rune('A'+n)), known, nil)
			if calls != 0 {
				t.Errorf("%d calls while the vendor is left alone", calls)
			}
			s.holds(fault{name: "at rest", why: "server"}, read, run)
		}
		s.sim.Calm()
		if got := other(); got.Engine != answer.Modelled {
			t.Errorf("the other workspace is answered by %s: %+v", got.Engine, got.Checks)
		}
		s.clock.Move(31 * time.Second)
		for _, who := range []string{"Customer after the rest", "Another customer after it"} {
			read, run, calls := s.asked(who, known, nil)
			if run.Engine != answer.Modelled || calls != 1 || !strings.Contains(read, "6.90 EUR") {
				t.Errorf("%s: %q by %s with %d calls", who, read, run.Engine, calls)
			}
		}
	})
}

// second is another workspace of the install with a key of its own; what it gives
// asks there.
func (s *gale) second() func() answer.Asked {
	s.Helper()
	own, ws := s.world.key, s.ws
	k, err := s.app.AddKey(s.Context(), app.AddKey{Workspace: "Southwind", Name: "test", Role: desk.RoleOwner})
	s.must(err)
	s.world.key, s.ws = k.Token, k.WorkspaceID
	s.shop(s.provider, "reply")
	s.key("second")
	s.world.key, s.ws = own, ws
	return func() answer.Asked {
		got, err := s.app.Answer.Ask(s.Context(), k.WorkspaceID, "", answer.Question{Text: known})
		s.must(err)
		return got
	}
}

// At the day's limit nobody is called and the knowledge answers; what it cannot
// answer by itself goes to a person, and the customer is told (covers H-32).
func TestOverBudgetTheKnowledgeAnswersOrAPersonIsCalled(t *testing.T) {
	t.Parallel()
	eachGale(t, func(t *testing.T, s *gale) {
		var state struct{ Settings map[string]any }
		s.good("GET", "/api/v1/ai", nil, &state)
		state.Settings["tokens_per_day"] = 1
		s.good("PUT", "/api/v1/ai", state.Settings, nil)
		if _, run, calls := s.asked("The first", known, nil); calls != 1 || run.Engine != answer.Modelled {
			t.Errorf("within the budget: %d calls, by %s", calls, run.Engine)
		}
		read, run, calls := s.asked("The second", known, nil)
		s.holds(fault{name: "over budget", why: "budget"}, read, run)
		if calls != 0 {
			t.Errorf("%d calls over the budget", calls)
		}
	})
}

// Where only a model could have answered and it fails, a person is called and the
// customer is told so.
func TestWhatTheKnowledgeCannotSayByItselfGoesToAPersonWithANotice(t *testing.T) {
	t.Parallel()
	eachGale(t, func(t *testing.T, s *gale) {
		const unsure = "Can my sister in Poland receive orders on Sundays?"
		for _, f := range []fault{{name: "fails", knob: llm.ServerError}, {name: "no money", knob: llm.OutOfMoney}, {name: "no JSON", knob: llm.InvalidJSON}, {name: "hangs", knob: llm.Hang, hangs: true}} {
			s.sim.Calm()
			s.sim.Weather(f.knob, llm.Force{Times: -1})
			s.key(f.name)
			before := len(s.sim.Calls())
			who := "Customer of " + f.name
			chat := s.world.sim.Customer(meta.Profile{Name: who}).Writes(s.page)
			chat.Says(unsure)
			s.must(s.sim.Until(s.Context(), "the vendor is asked", func() bool { return len(s.sim.Calls()) > before }))
			if f.hangs {
				s.hurry.Pass(callDeadline)
			}
			reply, err := chat.WaitReply(s.Context())
			notice := i18n.T("en", "handover.no_answer", map[string]string{"business": "Northwind"})
			if err != nil || !strings.Contains(reply.Text, notice) {
				t.Fatalf("%s: heard %q, not %q, %v", f.name, reply.Text, notice, err)
			}
			s.until("the conversation waits for a person", func() bool {
				return slices.ContainsFunc(s.talks("messenger"), func(c talk) bool { return c.Contact.Name == who && c.Owner.Kind == "nobody" })
			})
		}
	})
}
