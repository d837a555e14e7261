package privacy_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/test/storetest"
)

// quiet stands for the inbox: nothing is under way.
type quiet struct{}

func (quiet) Quiet(*store.Tx, desk.ID) error { return nil }

// postbox takes every mail.
type postbox struct {
	mu   sync.Mutex
	all  []privacy.PersonMail
	told chan struct{}
}

func (p *postbox) On() bool { return true }

func (p *postbox) Person(_ context.Context, m privacy.PersonMail) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, m)
	p.told <- struct{}{}
	return "", false
}

// warned counts the letters to members.
type warned struct {
	mu  sync.Mutex
	all []string
}

func (w *warned) Queue(_ *store.Tx, l desk.Letter) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, l.About)
	return nil
}

// office is a workspace with a person who wrote, and who works on requests.
type office struct {
	*privacy.Casework
	t    *testing.T
	w    *storetest.World
	h    store.Handle
	ana  planted
	talk desk.Conversation
	f    *flow.Flow
	post *postbox
	warn *warned
	by   desk.Actor
}

func open(t *testing.T, w *storetest.World) *office {
	t.Helper()
	o := &office{t: t, w: w, h: storetest.Workspace(t, w.DB, "Northwind"), post: &postbox{told: make(chan struct{}, 20)}, warn: &warned{}, by: desk.Actor{Kind: desk.ByMember, ID: 77, Role: desk.RolePrivacy}}
	o.ana = plant(t, o.h, storetest.Account(t, o.h, "widget", "pk_1"), "ana", 3)
	o.must(o.h.Read(ctx, func(r *store.Rx) error {
		all, err := r.ConversationsWith(o.ana.contact, 1)
		if err == nil {
			o.talk = all[0].Conversation
		}
		return err
	}))
	o.f = flow.New(flow.Config{DB: w.DB, Clock: w.Clock})
	log := audit.NewLog(w.DB)
	o.Casework = privacy.NewCasework(privacy.CaseworkParts{DB: w.DB, Keys: w.Keys, Flow: o.f, Audit: log, Eraser: privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB)),
		Restrict: privacy.NewRestrict(privacy.RestrictParts{DB: w.DB, Keys: w.Keys, Flow: o.f, Inbox: quiet{}, Audit: log}), Post: o.post, Letters: o.warn, Home: "https://northwind.example"})
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) hear(c desk.Conversation, h privacy.Heard) (said privacy.Said, ok bool) {
	o.t.Helper()
	o.must(o.h.Write(ctx, func(tx *store.Tx) (err error) { said, ok, err = o.Hear(tx, c, "en", h); return err }))
	return said, ok
}

func (o *office) at(id desk.ID) store.Case {
	o.t.Helper()
	f, err := o.Get(ctx, o.h.Workspace(), id)
	o.must(err)
	return f.Case
}

func reason(err error) string {
	if e, ok := err.(*desk.Error); ok {
		return e.Reason
	}
	return ""
}

// covers A-14.1-03, A-14.4-05, decision 9: a phrase opens a case, asks one question
// and erases nothing; who says yes is proved; it is called done only once the
// erasure stands in the ledger, and its letters are read after that.
func TestAPhraseOpensACaseThatEndsWithEvidenceAlone(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		o := open(t, w)
		ws := o.h.Workspace()
		said, ok := o.hear(o.talk, privacy.Heard{Kind: desk.AskErase})
		if !ok || len(said.Buttons) != 2 {
			t.Fatalf("%+v", said)
		}
		id, err := desk.ParseID(strings.TrimPrefix(said.Buttons[0].ID, "case_yes:"))
		o.must(err)
		if again, _ := o.hear(o.talk, privacy.Heard{Kind: desk.AskErase}); len(again.Buttons) != 2 || again.Buttons[0].ID != said.Buttons[0].ID {
			t.Errorf("asked twice it says %+v", again)
		}
		if c := o.at(id); c.State != desk.CaseProving || len(readable(t, o.h, o.ana)) == 0 {
			t.Errorf("the phrase alone did more: %+v", c)
		}
		if _, err := o.Carry(ctx, ws, id, o.by); reason(err) != "not_proven" {
			t.Errorf("carried out unproved: %v", err)
		}
		stranger := o.talk
		stranger.Contact++
		if _, ok := o.hear(stranger, privacy.Heard{Choice: said.Buttons[0].ID}); ok {
			t.Error("somebody else said yes")
		}
		if thanks, ok := o.hear(o.talk, privacy.Heard{Choice: said.Buttons[0].ID}); !ok || !strings.Contains(thanks.Text, "https://northwind.example/privacy/status/") {
			t.Errorf("%+v", thanks)
		}
		if _, err := o.Decide(ctx, ws, id, o.by, privacy.Verdict{Answered: true, Words: "done, believe me"}); reason(err) != "no_evidence" {
			t.Errorf("answered without evidence: %v", err)
		}
		c, err := o.Carry(ctx, ws, id, o.by)
		o.must(err)
		if len(readable(t, o.h, o.ana)) != 0 || !c.Erased || c.Contact != 0 || c.State != desk.CaseWorking || c.Outcome["ledger"] == 0 {
			t.Errorf("erased it is %+v", c)
		}
		_, err = o.Decide(ctx, ws, id, o.by, privacy.Verdict{Answered: true})
		o.must(err)
		f, err := o.Get(ctx, ws, id)
		o.must(err)
		again, err := o.ByToken(ctx, f.Token)
		o.must(err)
		last := again.Texts[len(again.Texts)-1]
		if again.Case.State != desk.CaseAnswered || last.Letter != "answered" || !strings.Contains(last.Body, "data protection authority") || !strings.Contains(last.Body, "appeal") {
			t.Errorf("the last letter is %+v", last)
		}
		if _, err := o.CloseCase(ctx, ws, id, o.by); reason(err) != "case_early" {
			t.Errorf("closed early: %v", err)
		}
		w.Fake.Jump(desk.AppealTerm)
		o.must(o.Tick(ctx))
		if o.at(id).State != desk.CaseClosed {
			t.Errorf("after the time to appeal it is %+v", o.at(id))
		}
		w.Fake.Jump(privacy.CaseKeep)
		o.must(o.SweepCases(ctx))
		if _, err := o.ByToken(ctx, f.Token); !desk.IsNotFound(err) {
			t.Errorf("three years later: %v", err)
		}
	})
}

// covers A-14.4-05, decision 9: the page's code proves who sends it and says yes,
// nobody else; codes are not guessed, and a code that a stranger was talked into
// sending opens nothing.
func TestACaseOfSomebodyElseIsNeverProved(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		o := open(t, w)
		ws := o.h.Workspace()
		ask := privacy.NewCase{Kind: desk.AskAccess, Door: privacy.DoorPage, Locale: "en", Law: "gdpr"}
		first, err := o.Open(ctx, ws, ask)
		o.must(err)
		code, ok := privacy.ReadCode("Data " + first.Code[:4] + " " + first.Code[4:])
		if !ok || code != first.Code {
			t.Fatalf("%q is read as %q", first.Code, code)
		}
		for _, s := range []string{first.Code, "data 1234", "my data 12345678 please", "data 123456789", "data sheet 1234 5678", ""} {
			if got, ok := privacy.ReadCode(s); ok {
				t.Errorf("%q is a code: %s", s, got)
			}
		}
		said, _ := o.hear(o.talk, privacy.Heard{Code: code})
		if o.at(first.Case.ID).State != desk.CaseProving || len(said.Buttons) != 2 || !strings.Contains(said.Text, "anybody else") {
			t.Fatalf("the code alone did more: %+v", said)
		}
		o.hear(o.talk, privacy.Heard{Choice: said.Buttons[1].ID}) // no
		if c := o.at(first.Case.ID); c.State != desk.CaseWithdrawn || c.Contact != 0 {
			t.Errorf("after no it is %+v", c)
		}
		second, err := o.Open(ctx, ws, ask)
		o.must(err)
		fresh, err := o.NewCode(ctx, second.Token)
		o.must(err)
		if said, _ := o.hear(o.talk, privacy.Heard{Code: second.Code}); len(said.Buttons) != 0 {
			t.Error("the code before still works")
		}
		said, _ = o.hear(o.talk, privacy.Heard{Code: fresh})
		o.hear(o.talk, privacy.Heard{Choice: said.Buttons[0].ID})
		if c := o.at(second.Case.ID); c.State != desk.CaseOpen || c.Proof != privacy.ProofCode || c.Contact != o.ana.contact {
			t.Errorf("after yes it is %+v", c)
		}
		other := o.ana.contact + 1
		if _, err := o.Change(ctx, ws, second.Case.ID, o.by, privacy.CaseChange{Contact: &other}); reason(err) != "proved" {
			t.Errorf("it became about somebody else: %v", err)
		}
		third, err := o.Open(ctx, ws, ask)
		o.must(err)
		for range 5 {
			said, _ = o.hear(o.talk, privacy.Heard{Code: "00000000"})
		}
		if said, _ = o.hear(o.talk, privacy.Heard{Code: third.Code}); len(said.Buttons) != 0 || o.at(third.Case.ID).Contact != 0 {
			t.Error("guesses have no end")
		}
		if _, err := o.ByToken(ctx, third.Token[:53]+"A"); !desk.IsNotFound(err) && third.Token[53:] != "A" {
			t.Errorf("another token: %v", err)
		}
	})
}

// covers H-87, A-14.4-04, A-14.4-06: who answers is warned at 7, 3 and 1 days and
// at the end, once each; what nobody proved is refused with its reason then, and
// what nobody answered ends a year later and says so.
func TestTheClockWarnsAndEndsWhatNobodyDid(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		o := open(t, w)
		ws := o.h.Workspace()
		o.must(o.h.Write(ctx, func(tx *store.Tx) error {
			return tx.InsertMember(desk.Member{ID: tx.NewID(), Name: "Pia", Email: "pia@northwind.example", Role: desk.RolePrivacy, Active: true}, nil)
		}))
		lapses, err := o.Open(ctx, ws, privacy.NewCase{Kind: desk.AskAccess, Door: privacy.DoorPage, Law: "kvkk"})
		o.must(err)
		waits, err := o.Open(ctx, ws, privacy.NewCase{Kind: desk.AskComplaint, Door: privacy.DoorPage, Law: "kvkk", Words: "I was not heard"})
		o.must(err)
		begin := w.Clock.Now()
		for _, days := range []int{1, 23, 24, 27, 29, 30, 31} {
			w.Fake.Jump(begin.Add(time.Duration(days) * 24 * time.Hour).Sub(w.Clock.Now()))
			o.must(o.Tick(ctx))
			o.must(o.Tick(ctx))
		}
		if got := strings.Join(o.warn.all, " "); got != "7 7 3 3 1 1 0" { // the first lapses at its end
			t.Errorf("warned at %s", got)
		}
		if c := o.at(lapses.Case.ID); c.State != desk.CaseRefused || c.Reason != desk.NotProven {
			t.Errorf("unproved it is %+v", c)
		}
		if c := o.at(waits.Case.ID); c.State != desk.CaseOpen {
			t.Errorf("unanswered it is %+v", c)
		}
		w.Fake.Jump(desk.GiveUpTerm)
		o.must(o.Tick(ctx))
		f, err := o.ByToken(ctx, waits.Token)
		o.must(err)
		last := f.Texts[len(f.Texts)-1]
		if f.Case.State != desk.CaseClosed || f.Case.Decision != desk.Unanswered || last.Letter != "unanswered" || strings.Contains(last.Body, "{") {
			t.Errorf("a year later it is %+v, %+v", f.Case, last)
		}
		for _, x := range f.Texts {
			if x.Kind != store.CaseLetter {
				t.Errorf("a closed case still holds %+v", x)
			}
		}
	})
}

// covers A-14.3-03, A-14.2-09, A-25-03, H-12: an appeal is decided by somebody else;
// who asks for another shows that they may; a mail proves its address by a link
// that works once; more time is told with its reason.
func TestAppealsAgentsAndMailedProofs(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		o := open(t, w)
		ws := o.h.Workspace()
		asked, err := o.Open(ctx, ws, privacy.NewCase{Kind: desk.AskRestrict, Door: privacy.DoorMail, Law: "gdpr", Address: "ana@example.com", Agent: true, Locale: "tr"})
		o.must(err)
		life, stop := context.WithCancel(ctx)
		done := make(chan error, 1)
		go func() { done <- o.f.Run(life, o.CaseHandlers(), nil) }()
		<-o.post.told
		stop()
		o.must(<-done)
		m := o.post.all[0]
		_, token, ok := strings.Cut(m.Link, "/privacy/prove/")
		if !ok || m.To != "ana@example.com" || m.Locale != "tr" || strings.Contains(strings.Join(m.Lines, " "), "{") {
			t.Fatalf("%+v", m)
		}
		if _, err := o.ProveByMail(ctx, asked.Token); !desk.IsNotFound(err) {
			t.Errorf("the page's own address proves: %v", err)
		}
		_, err = o.ProveByMail(ctx, token)
		o.must(err)
		if _, err := o.ProveByMail(ctx, token); !desk.IsNotFound(err) {
			t.Errorf("proved twice: %v", err)
		}
		id := asked.Case.ID
		if _, err := o.Carry(ctx, ws, id, o.by); reason(err) != "agent_unproven" {
			t.Errorf("for somebody else: %v", err)
		}
		yes, member := true, o.ana.contact
		_, err = o.Change(ctx, ws, id, o.by, privacy.CaseChange{Checked: &yes, Contact: &member})
		o.must(err)
		_, err = o.ExtendCase(ctx, ws, id, o.by, privacy.MoreTime{Days: 60, Why: "cok istek var"})
		o.must(err)
		if _, err := o.ExtendCase(ctx, ws, id, o.by, privacy.MoreTime{Days: 1, Why: "again"}); reason(err) != "extended_before" {
			t.Errorf("twice: %v", err)
		}
		_, err = o.Carry(ctx, ws, id, o.by)
		o.must(err)
		_, err = o.Decide(ctx, ws, id, o.by, privacy.Verdict{Reason: "others_rights"})
		o.must(err)
		appeal, err := o.Appeal(ctx, asked.Token, "that is wrong")
		o.must(err)
		if _, err := o.Appeal(ctx, asked.Token, "once more"); reason(err) != "appealed" {
			t.Errorf("two appeals: %v", err)
		}
		if _, err := o.Decide(ctx, ws, appeal.Case.ID, o.by, privacy.Verdict{Answered: true, Words: "no"}); reason(err) != "appeal_same" {
			t.Errorf("decided by the same: %v", err)
		}
		other := o.by
		other.ID++
		_, err = o.Decide(ctx, ws, appeal.Case.ID, other, privacy.Verdict{Answered: true, Words: "you are right"})
		o.must(err)
	})
}
