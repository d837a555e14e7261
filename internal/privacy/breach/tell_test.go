package breach_test

import (
	"strings"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/privacy/breach"
	"parley/internal/store"
)

// covers A-20.1-02: each person is told once, by mail, with their next message or
// by the public notice, however often it is asked for; who was erased is not.
func TestEachPersonIsToldOnceAndTheErasedAreNot(t *testing.T) {
	each(t, func(o *office) {
		o.person("ana@example.com", 2)
		_, bens := o.person("", 1)
		o.person("", 0) // nothing reaches them
		gone, _ := o.person("gone@example.com", 1)
		_, late := o.person("", 1)
		a := o.open("A key was stolen")
		if err := o.Tell(ctx, a); reason(err) != "incident_state" {
			t.Errorf("told before anybody assessed it: %v", err)
		}
		a = o.known(desk.RiskHigh)
		if _, err := o.eraser.Erase(ctx, o.h.Workspace(), gone); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			o.must(o.Tell(ctx, a))
			o.settle()
			o.must(o.Sweep(ctx))
		}
		if got := o.stand(a); got["told mail"] != 1 || got["message "] != 2 || got["notice notice"] != 1 || len(got) != 3 {
			t.Fatalf("%v", got)
		}
		if o.post.to("ana@example.com") != 1 || o.post.to("gone@example.com") != 0 || len(o.said(bens)) != 0 {
			t.Fatalf("mails %v, said %v", o.post.all, o.said(bens))
		}
		if m := o.post.all[0]; !strings.Contains(strings.Join(m.Lines, "\n"), "Somebody may write to you.") || strings.Contains(strings.Join(m.Lines, "\n"), "Person") || m.Foot == "" {
			t.Errorf("%+v", m)
		}
		o.must(o.Notify(ctx, a, breach.Sending{}))
		if err := o.Close(ctx, a, "x"); reason(err) != "untold" {
			t.Errorf("closed while people wait: %v", err)
		}
		o.w.Fake.Jump(time.Hour)
		o.writes(bens)
		for range 3 {
			o.must(o.Sweep(ctx))
		}
		if said := o.said(bens); len(said) != 1 || !strings.Contains(said[0], "A key was used by somebody else.") {
			t.Fatalf("said %q", said)
		}
		o.w.Fake.Jump(14 * 24 * time.Hour)
		o.must(o.Sweep(ctx))
		o.writes(late)
		o.must(o.Sweep(ctx))
		if got := o.stand(a); got["notice notice"] != 2 || got["told message"] != 1 || len(o.said(late)) != 0 {
			t.Fatalf("%v", got)
		}
		shown, err := o.Shown(ctx, a.Workspace)
		o.must(err)
		if len(shown) != 1 || !strings.Contains(shown[0].Draft(breach.KindPerson, "tr").Body, "A key was used") {
			t.Errorf("the public notice: %+v", shown)
		}
		o.must(o.Close(ctx, a, "Keys end after a week."))
	})
}

// A kill between the mail server's yes and the row that says so leaves one person
// of whom nobody knows: they are not mailed again, and a person decides.
func TestAKillWhileTellingTellsNobodyTwice(t *testing.T) {
	each(t, func(o *office) {
		people := []string{"a@example.com", "b@example.com", "c@example.com", "d@example.com"}
		for _, p := range people {
			o.person(p, 1)
		}
		a := o.known(desk.RiskHigh)
		o.post.dies["b@example.com"], o.post.dies["d@example.com"] = true, true
		o.must(o.Tell(ctx, a))
		for range 6 {
			o.settle()
			o.w.Fake.Advance(10 * time.Minute)
		}
		if got := o.stand(a); got["told mail"] != 2 || got["unsure "] != 2 || len(got) != 2 {
			t.Fatalf("%v", got)
		}
		for _, p := range people {
			if n := o.post.to(p); n != 1 {
				t.Errorf("%s was mailed %d times", p, n)
			}
		}
		o.post.dies = map[string]bool{}
		o.must(o.Tell(ctx, a))
		o.settle()
		var unsure []store.Told
		o.must(o.h.Read(ctx, func(r *store.Rx) (err error) { unsure, err = r.ToldOf(a.Incident, store.ToldUnsure, 0, 10); return err }))
		if len(unsure) != 2 || o.post.to("b@example.com") != 1 {
			t.Fatalf("asked again, %+v", unsure)
		}
		o.must(o.Settle(ctx, a, unsure[0].ID, true))
		o.must(o.Settle(ctx, a, unsure[1].ID, false))
		if err := o.Settle(ctx, a, unsure[0].ID, false); reason(err) != "not_unsure" {
			t.Errorf("settled twice: %v", err)
		}
		o.settle()
		if got := o.stand(a); got["told mail"] != 3 || got["told hand"] != 1 {
			t.Errorf("%v", got)
		}
		// Data from a backup does not know who was told since: nobody is told by it again.
		_, talk := o.person("", 1)
		o.must(o.Count(ctx, a, []store.Scope{{From: o.w.Clock.Now().Add(-time.Hour), To: o.w.Clock.Now(), Table: "contact"}}))
		o.must(o.Tell(ctx, a))
		o.settle()
		o.write(func(tx *store.Tx) error { return tx.TellUnsure() })
		o.w.Fake.Jump(time.Minute)
		o.writes(talk)
		o.must(o.Sweep(ctx))
		if got := o.stand(a); got["unsure "] != 1 || len(o.said(talk)) != 0 {
			t.Errorf("%v, said %v", got, o.said(talk))
		}
	})
}

// A mail server that refuses an address for good leaves the next message, and a
// contact who was erased while a mail waited is told nothing.
func TestARefusedAddressIsToldWithTheNextMessage(t *testing.T) {
	each(t, func(o *office) {
		_, talk := o.person("bad@example.com", 1)
		gone, _ := o.person("gone@example.com", 1)
		o.post.bad["bad@example.com"] = true
		a := o.known(desk.RiskLikely)
		o.must(o.Tell(ctx, a))
		if _, err := o.eraser.Erase(ctx, o.h.Workspace(), gone); err != nil {
			t.Fatal(err)
		}
		o.settle()
		if got := o.stand(a); got["message "] != 1 || len(got) != 1 || len(o.post.all) != 0 {
			t.Fatalf("%v, mailed %v", got, o.post.all)
		}
		o.w.Fake.Jump(time.Minute)
		o.writes(talk)
		o.must(o.Sweep(ctx))
		if len(o.said(talk)) != 1 {
			t.Errorf("said %v", o.said(talk))
		}
	})
}

// covers A-20.2-01: each business that an incident of the install touched is told
// once, and its own incident begins from the news.
func TestABusinessIsToldOnceOfWhatConcernsIt(t *testing.T) {
	each(t, func(o *office) {
		o.person("ana@example.com", 3)
		id, err := o.Open(ctx, 0, breach.NewIncident{Title: "The server was read", By: o.by})
		o.must(err)
		a := breach.Act{Incident: id, By: o.by}
		o.must(o.Aware(ctx, a, o.w.Clock.Now(), ""))
		o.must(o.Assess(ctx, a, desk.RiskHigh, ""))
		if err := o.Tell(ctx, a); reason(err) != "facts_missing" {
			t.Errorf("told without facts: %v", err)
		}
		o.must(o.Write(ctx, a, map[string]string{"nature": "Somebody read the disk.", "consequences": "Words may be known.", "measures": "New keys.", "contact": "op@example.com"}))
		o.must(o.Count(ctx, a, []store.Scope{{Workspace: o.h.Workspace(), From: o.w.Clock.Now().Add(-time.Hour), To: o.w.Clock.Now(), Table: "message"}}))
		if sum := o.at(a).Sum(); sum.Persons != 1 || sum.Records != 3 {
			t.Errorf("%+v", sum)
		}
		for range 3 {
			o.must(o.Tell(ctx, a))
			o.settle()
		}
		var news []store.IncidentNotice
		o.must(o.h.Read(ctx, func(r *store.Rx) (err error) { news, err = r.Notices(10); return err }))
		if len(news) != 1 || !strings.Contains(news[0].Body["en"], "Somebody read the disk.") || !strings.Contains(news[0].Body["tr"], "Kişisel veri ihlali") || len(o.box.members) != 1 {
			t.Fatalf("%+v, mailed %v", news, o.box.members)
		}
		if n := o.at(a).Noticed; len(n) != 1 || n[0].At.IsZero() {
			t.Errorf("%+v", n)
		}
		if _, err := o.Open(ctx, o.h.Workspace(), breach.NewIncident{Title: "News", Notice: news[0].ID, By: o.by}); err != nil {
			t.Error(err)
		}
		if len(o.post.all) != 0 {
			t.Errorf("people were mailed by whoever runs the install: %v", o.post.all)
		}
	})
}

// covers A-20.2-02: whom an actor reached is what the audit log says, exactly, and
// so are the rows: a copy is all there is of a person, a list is everybody, and
// what others did, or did at another time, is not counted.
func TestTheCountsAreThoseOfTheAuditLog(t *testing.T) {
	each(t, func(o *office) {
		ana, talk := o.person("ana@example.com", 4)
		ben, _ := o.person("ben@example.com", 2)
		o.person("", 1)
		gone, _ := o.person("gone@example.com", 1)
		key, other := desk.Actor{Kind: desk.ByKey, ID: 4711}, desk.Actor{Kind: desk.ByMember, ID: 12}
		did := func(by desk.Actor, verb audit.Verb, action, kind string, id desk.ID) {
			o.write(func(tx *store.Tx) error {
				return o.audit.Put(tx, audit.Note{Verb: verb, Action: action, Actor: by, Object: audit.Thing{Kind: kind, ID: int64(id)}})
			})
		}
		did(key, audit.Read, "contact.list", "contact", 0) // before the time that is asked for
		o.w.Fake.Jump(time.Hour)
		from := o.w.Clock.Now()
		did(key, audit.Change, "contact.change", "contact", ben)
		did(key, audit.Change, "conversation.assign", "conversation", talk)
		did(key, audit.Read, "contact.read", "contact", gone)
		did(key, audit.None, "workspace.change", "workspace", 1) // nobody's data
		did(other, audit.Disclose, "contact.export", "contact", ana)
		to := o.w.Clock.Now()
		if _, err := o.eraser.Erase(ctx, o.h.Workspace(), gone); err != nil {
			t.Fatal(err)
		}
		a := o.open("A key was stolen")
		count := func(s store.Scope) store.ScopeCount {
			t.Helper()
			s.From, s.To = from, to
			o.must(o.Count(ctx, a, []store.Scope{s}))
			return o.at(a).Sum()
		}
		// ben: contact and identity; ana: one conversation and its four messages; gone: erased.
		if got := count(store.Scope{Actor: key}); got.Persons != 3 || got.Erased != 1 || got.Records != 2+1+4 || got.Acts != 3 {
			t.Errorf("the key: %+v", got)
		}
		// ana: contact, identity, conversation, messages.
		if got := count(store.Scope{Actor: other}); got.Persons != 1 || got.Erased != 0 || got.Records != 1+1+1+4 {
			t.Errorf("the export: %+v", got)
		}
		if got := count(store.Scope{Table: "message"}); got.Persons != 3 || got.Records != 4+2+1 || got.Acts != 0 {
			t.Errorf("the table: %+v", got)
		}
		did(key, audit.Read, "contact.list", "contact", 0)
		to = o.w.Clock.Now()
		if got := count(store.Scope{Actor: key}); got.Persons != 4 || got.Records != 3*2+1+4 {
			t.Errorf("with a list: %+v", got)
		}
		if w := o.at(a); len(w.Counted) != 4 || len(w.Counts) != 1 {
			t.Errorf("%d countings are kept", len(w.Counted))
		}
		classes, err := breach.Classes([]string{"contact", "message"})
		o.must(err)
		if strings.Join(classes, " ") != "contact content identifier" {
			t.Errorf("kinds of data: %v", classes)
		}
		if err := o.Count(ctx, a, []store.Scope{{From: from, To: to, Table: "member"}}); reason(err) != "scopes" {
			t.Errorf("a table that leads to nobody: %v", err)
		}
	})
}
