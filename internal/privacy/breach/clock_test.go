package breach_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy/breach"
	"parley/internal/store"
)

// covers A-20-01, A-20.1-01, A-12.4-05: the clock runs from an act that says since
// when it is known, warns at 24, 48, 60 and 72 hours, once each, and is told late
// only with a reason.
func TestTheClockRunsFromWhenItIsKnown(t *testing.T) {
	each(t, func(o *office) {
		a := o.open("A list was mailed to a stranger")
		o.w.Fake.Jump(100 * time.Hour)
		o.must(o.Tick(ctx))
		if len(o.box.members) != 0 || !o.at(a).Stand.Due().IsZero() {
			t.Fatalf("nobody said yet that it is known: %v", o.box.members)
		}
		if err := o.Assess(ctx, a, desk.RiskLikely, ""); reason(err) != "not_aware" {
			t.Errorf("assessed before it is known: %v", err)
		}
		if err := o.Aware(ctx, a, o.w.Clock.Now().Add(time.Minute), ""); reason(err) != "at" {
			t.Errorf("known from tomorrow: %v", err)
		}
		since := o.w.Clock.Now()
		o.must(o.Aware(ctx, a, since, ""))
		want := []string{}
		for _, step := range []struct {
			to   time.Duration
			says string
		}{{24*time.Hour - time.Second, ""}, {24 * time.Hour, "24"}, {48*time.Hour - time.Second, ""}, {48 * time.Hour, "48"}, {60 * time.Hour, "60"}, {72*time.Hour - time.Second, ""}, {72 * time.Hour, "72"}, {90 * time.Hour, ""}} {
			o.w.Fake.Jump(since.Add(step.to).Sub(o.w.Clock.Now()))
			o.must(o.Tick(ctx))
			o.must(o.Tick(ctx))
			if step.says != "" {
				want = append(want, "breach "+step.says)
			}
			if !slices.Equal(o.box.members, want) {
				t.Fatalf("after %s told %v, want %v", step.to, o.box.members, want)
			}
		}
		o.must(o.Write(ctx, a, map[string]string{"nature": "x", "consequences": "x", "measures": "x", "contact": "x"}))
		o.must(o.Count(ctx, a, []store.Scope{{From: since, To: since, Table: "contact"}}))
		o.must(o.Assess(ctx, a, desk.RiskLikely, ""))
		if err := o.Excuse(ctx, a, "no risk"); reason(err) != "at_risk" {
			t.Errorf("excused though people are at risk: %v", err)
		}
		if err := o.Notify(ctx, a, breach.Sending{}); reason(err) != "late_reason" {
			t.Errorf("late without a reason: %v", err)
		}
		o.must(o.Notify(ctx, a, breach.Sending{Late: "The extent was not known."}))
		w := o.at(a)
		if w.Row.State != desk.IncidentNotified || !w.Stand.Late(w.Row.Decided) || w.Now[breach.FactLate].Body != "The extent was not known." {
			t.Errorf("%+v", w.Row)
		}
		if said := w.Draft(breach.KindAuthority, "en"); said.Sent.IsZero() || !strings.Contains(said.Body, "The extent was not known.") {
			t.Errorf("what was sent is kept with its time: %+v", said)
		}
		o.w.Fake.Jump(200 * time.Hour)
		o.must(o.Tick(ctx))
		if !slices.Equal(o.box.members, want) {
			t.Errorf("warned after the decision: %v", o.box.members)
		}
	})
}

// A start that is moved wants a reason, both stay in the table of facts and in the
// audit log, and what is decided is moved by nobody.
func TestTheClockIsNeverMovedWithoutATrace(t *testing.T) {
	each(t, func(o *office) {
		a := o.open("A laptop was lost")
		first := o.w.Clock.Now().Add(-time.Hour)
		o.must(o.Aware(ctx, a, first, ""))
		if err := o.Aware(ctx, a, first.Add(-time.Hour), " "); reason(err) != "reason" {
			t.Fatalf("moved without a word: %v", err)
		}
		second := first.Add(-50 * time.Hour)
		o.must(o.Aware(ctx, a, second, "The guard had told the shop before."))
		w := o.at(a)
		var times []string
		for _, f := range w.Facts {
			if f.Name == breach.FactAware {
				times = append(times, f.Body)
			}
		}
		if !slices.Equal(times, []string{first.Format(time.RFC3339), second.Format(time.RFC3339)}) || w.Now[breach.FactAwareWhy].Body == "" || !w.Stand.Due().Equal(second.Add(72*time.Hour)) {
			t.Errorf("%v %+v", times, w.Row)
		}
		o.must(o.Tick(ctx))
		if len(o.box.members) != 0 {
			t.Errorf("hours that had passed already are not warned of: %v", o.box.members)
		}
		lines, err := o.audit.Find(ctx, a.Workspace, store.AuditWanted{Action: "incident.aware"}, 0, 10)
		o.must(err)
		if len(lines) != 2 {
			t.Errorf("audited %d times", len(lines))
		}
		o.must(o.Assess(ctx, a, desk.RiskNone, ""))
		if err := o.Excuse(ctx, a, ""); reason(err) != "reason" {
			t.Errorf("excused without a written reason: %v", err)
		}
		o.must(o.Excuse(ctx, a, "The disk was encrypted."))
		if err := o.Aware(ctx, a, first, "again"); reason(err) != "incident_state" {
			t.Errorf("moved after the decision: %v", err)
		}
		if err := o.Close(ctx, a, "Encrypt all."); reason(err) != "no_measures" {
			t.Errorf("closed without what was done: %v", err)
		}
		o.must(o.Write(ctx, a, map[string]string{"measures": "The account was closed."}))
		o.must(o.Close(ctx, a, "Encrypt all."))
		if err := o.Write(ctx, a, map[string]string{"nature": "other"}); reason(err) != "incident_state" {
			t.Errorf("written after its end: %v", err)
		}
	})
}

// The state machine always ends and never ends early: a year after its last step
// the clock closes what nobody decided, and not a second before; five years later
// it is gone from the register.
func TestAnIncidentThatNobodyDecidesEnds(t *testing.T) {
	each(t, func(o *office) {
		a := o.open("Something")
		o.must(o.Aware(ctx, a, o.w.Clock.Now(), ""))
		o.w.Fake.Jump(desk.GiveUpTerm - time.Second)
		o.must(o.Tick(ctx))
		if s := o.at(a).Row.State; s != desk.IncidentOpen {
			t.Fatalf("ended early: %s", s)
		}
		o.w.Fake.Jump(time.Second)
		o.must(o.Tick(ctx))
		if w := o.at(a); w.Row.State != desk.IncidentClosed || w.Row.Outcome != desk.Undecided || !w.Row.Next.IsZero() {
			t.Fatalf("%+v", w.Row)
		}
		o.w.Fake.Jump(store.IncidentTerm - time.Second)
		drop := func() { o.write(func(tx *store.Tx) error { _, err := tx.DropOldIncidents(); return err }) }
		drop()
		o.at(a)
		o.w.Fake.Jump(time.Second)
		drop()
		if _, err := o.Get(ctx, a.Workspace, a.Incident); !desk.IsNotFound(err) {
			t.Errorf("five years later: %v", err)
		}
	})
}

// covers A-12.4-03: a drill goes all the way with made-up people and mails nobody,
// looks like one, and its record moves the date of the next; until there is one
// whoever runs the install is reminded once.
func TestADrillMailsNobodyAndCountsForTheYear(t *testing.T) {
	each(t, func(o *office) {
		o.person("real@example.com", 1)
		o.must(o.Tick(ctx))
		if len(o.box.operator) != 0 {
			t.Fatalf("reminded on the first day: %v", o.box.operator)
		}
		o.w.Fake.Jump(desk.DrillTerm - desk.DrillNotice)
		o.must(o.Tick(ctx))
		if len(o.box.operator) != 1 || !strings.HasPrefix(o.box.operator[0], "drill ") {
			t.Fatalf("told %v", o.box.operator)
		}
		for _, ws := range []desk.ID{0, o.h.Workspace()} {
			id, err := o.Open(ctx, ws, breach.NewIncident{Title: "Rehearsal", Drill: true, By: o.by})
			o.must(err)
			a := breach.Act{Workspace: ws, Incident: id, By: o.by}
			o.must(o.Aware(ctx, a, o.w.Clock.Now(), ""))
			o.w.Fake.Jump(49 * time.Hour)
			o.must(o.Tick(ctx))
			o.must(o.Write(ctx, a, map[string]string{"nature": "x", "consequences": "x", "measures": "x", "contact": "x"}))
			o.must(o.Assess(ctx, a, desk.RiskHigh, ""))
			for _, kind := range o.at(a).Kinds() {
				if said := o.at(a).Draft(kind, "tr").Body; !strings.HasPrefix(said, "TATBİKAT") {
					t.Errorf("%s does not look like a drill: %q", kind, said)
				}
			}
			o.must(o.Notify(ctx, a, breach.Sending{}))
			o.must(o.Tell(ctx, a))
			o.settle()
			o.must(o.Close(ctx, a, "We were quick."))
			drill, err := o.DrillOf(ctx, ws)
			o.must(err)
			if !drill.Last.Equal(o.w.Clock.Now()) || !drill.Due.Equal(drill.Last.Add(desk.DrillTerm)) {
				t.Errorf("%+v", drill)
			}
			if ws != 0 && o.stand(a)["told drill"] != o.at(a).Sum().Persons {
				t.Errorf("%v", o.stand(a))
			}
		}
		if len(o.post.all) != 0 || len(o.box.members) != 0 || len(o.box.operator) != 1 {
			t.Errorf("somebody was mailed: %v %v %v", o.post.all, o.box.members, o.box.operator)
		}
	})
}
