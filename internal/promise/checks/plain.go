package checks

import (
	"net/http"
	"slices"
	"strings"

	"parley/internal/promise"
)

// plainChecks look at what people may decline, and at what is never asked of them.
func plainChecks() []entry {
	return []entry{
		{"declining-is-open", decliningIsOpen},
		{"workspace-of-one-or-many", oneOrMany},
		{"sensitive-limited", sensitiveLimited},
		{"profiling-opt-out", profilingOptOut},
		{"no-pay-for-data", noPayForData},
		{"visitor-network", visitorNetwork},
	}
}

func decliningIsOpen(t *trial) {
	b := t.fresh("agent")
	var kept struct {
		Asks  []statement
		Given []struct{ What, Version, Answer string }
	}
	b.good(http.MethodGet, "/api/v1/acknowledgements", nil, &kept)
	t.want(len(kept.Given) > 0, "what was agreed to is on record")
	if t.err != nil {
		return
	}
	b.good(http.MethodPost, "/api/v1/acknowledgements", map[string]any{"what": kept.Given[0].What, "version": kept.Given[0].Version, "answer": "declined"}, nil)
	b.good(http.MethodGet, "/api/v1/acknowledgements", nil, &kept)
	t.want(slices.ContainsFunc(kept.Given, func(g struct{ What, Version, Answer string }) bool { return g.Answer == "declined" }), "so is that somebody declined")
	var mine map[string]any
	b.good(http.MethodGet, "/api/v1/my-data", nil, &mine)
	t.want(len(mine) > 3, "who declined takes their data along")
	b.good(http.MethodPost, "/api/v1/leave", map[string]any{"workspace": "Canary Goods"}, nil)
	t.want(!b.in(), "and leaves")
}

func oneOrMany(t *trial) {
	for n, name := range map[int]string{1: "Solo " + canary()[:12], 3: "Several " + canary()[:12]} {
		var first *browser
		for i := range n {
			address, password := canary()+"@canary.example", canary()+" boats"
			role := "agent"
			if i == 0 {
				role = "owner"
			}
			if t.err != nil {
				return
			}
			out, err := t.w.Command(t.ctx, []byte(password+"\n"), "user", "add", "--workspace", name, "--email", address, "--name", "Somebody", "--role", role, "--password-stdin")
			t.must(err)
			t.want(out.Status == 0, "a workspace takes its members %s", firstLine(out.Stderr))
			b := t.browser()
			b.good(http.MethodPost, "/api/v1/session", map[string]string{"email": address, "password": password}, nil)
			if i == 0 {
				first = b
			}
		}
		var all struct{ Items []struct{ ID string } }
		first.good(http.MethodGet, "/api/v1/members", nil, &all)
		t.want(len(all.Items) == n, "a workspace of %d is as it is", n)
		first.good(http.MethodPost, "/api/v1/knowledge/sources", map[string]any{"kind": "text", "name": "Hours", "text": "We open at nine."}, nil)
		t.want(first.ask(http.MethodGet, "/api/v1/conversations", nil, nil) == http.StatusOK, "its owner does in it what any other does")
	}
	t.seen = slices.Compact(t.seen)
}

// sensitiveLimited: what somebody tells serves the answer alone, once they wish so.
func sensitiveLimited(t *trial) {
	t.autopilot()
	name, before, secret := "Sensitive "+canary(), unlike(), unlike()
	asks := func(word string) {
		t.vainly(name, "Do you sell "+word+" cushions for a stiff neck?")
	}
	asks(before)
	c := t.talkOf(before)
	t.want(t.listed(before), "a question that finds no answer is listed, to better the knowledge")
	t.owner(http.MethodPut, "/api/v1/contacts/"+c.Contact.ID+"/restrictions", map[string]any{"limited": true}, nil)
	asks(secret)
	witness := unlike()
	t.vainly("Witness "+witness, "Do you sell "+witness+" cushions for a sofa?")
	t.want(t.listed(witness), "what somebody else asks after them is")
	t.want(!strings.Contains(t.gaps(), secret), "one of who wishes it is in no list that betters the knowledge")
	t.want(!strings.Contains(t.figures(), secret), "in no count")
	t.want(len(t.left("", secret)) == 0, "and with nobody else")
	t.want(slices.ContainsFunc(t.lines(c.ID), func(l line) bool { return strings.Contains(l.Body, secret) }), "who answers reads it")
}

// profilingOptOut: nobody is rated, and who objects is left out of what is learnt.
func profilingOptOut(t *trial) {
	name := "Unrated " + canary()
	t.says("messenger", name, "hello "+name)
	c := t.talkOf(name)
	t.owner(http.MethodPut, "/api/v1/contacts/"+c.Contact.ID+"/restrictions", map[string]any{"no_automation": true, "limited": true}, nil)
	question, _ := t.fact()
	t.autopilot()
	_, byAI := t.answered("messenger", name, question)
	t.want(len(byAI) == 0, "no machine decides anything about who objected")
	a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodGet, Path: "/api/v1/contacts/" + c.Contact.ID})
	t.must(err)
	for _, mark := range []string{"score", "segment", "profile_of", "rating", "propensity", "persona"} {
		t.want(!strings.Contains(strings.ToLower(string(a.Body)), `"`+mark), "there is no rating of anybody")
	}
	t.seen = slices.Compact(t.seen)
}

func noPayForData(t *trial) {
	for _, paths := range t.operations() {
		for _, path := range paths {
			for _, word := range []string{"reward", "rebate", "coupon", "discount", "incentive", "payout", "loyalty"} {
				t.want(!strings.Contains(strings.ToLower(path), word), "no operation pays or rebates")
			}
		}
	}
	t.seen = slices.Compact(t.seen)
	b := t.fresh("agent")
	all, _ := b.wishes()
	for _, w := range all {
		for _, word := range []string{"discount", "free month", "reward", "voucher", "credit"} {
			t.want(!strings.Contains(strings.ToLower(w.Text), word), "a consent is asked for and nothing is offered for it")
		}
	}
	t.seen = slices.Compact(t.seen)
}

// visitorNetwork: the network address of a visit, as the visitor's own copy shows it.
func visitorNetwork(t *trial) {
	with, without := canary(), canary()
	t.visits("granted").says("With " + with)
	t.visits("refused").says("Without " + without)
	yes, no := t.talkOf(with), t.talkOf(without)
	t.want(!strings.Contains(t.handed(no.Contact.ID, map[string]any{}), "127.0.0."), "without consent no network is held")
	held := t.handed(yes.Contact.ID, map[string]any{})
	t.want(strings.Contains(held, "127.0.0."), "with it, it is, and stands in the visitor's own copy")
	t.advance(89 * day)
	t.want(strings.Contains(t.handed(yes.Contact.ID, map[string]any{}), "127.0.0."), "after 89 days, too")
	t.advance(2 * day)
	t.want(!strings.Contains(t.handed(yes.Contact.ID, map[string]any{}), "127.0.0."), "after 91 it is gone")
}
