package breach_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/privacy"
	"parley/internal/privacy/breach"
	"parley/internal/store"
	"parley/test/storetest"
)

var ctx = context.Background()

// post takes every mail; dies makes it stop the program after it took one.
type post struct {
	mu   sync.Mutex
	all  []privacy.PersonMail
	dies map[string]bool // by address
	bad  map[string]bool
}

func (p *post) On() bool { return true }

func (p *post) Person(_ context.Context, m privacy.PersonMail) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bad[m.To] {
		return "550", true
	}
	p.all = append(p.all, m)
	if p.dies[m.To] {
		panic("killed after the mail server took it")
	}
	return "", false
}

func (p *post) to(address string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.all {
		if m.To == address {
			n++
		}
	}
	return n
}

// box counts the letters to members and to the operator.
type box struct {
	mu       sync.Mutex
	members  []string
	operator []string
	marks    map[string]bool
}

func (b *box) Queue(_ *store.Tx, l desk.Letter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.members = append(b.members, string(l.Kind)+" "+l.About)
	return nil
}

func (b *box) TellOperator(_ *store.Tx, l desk.OperatorLetter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if once := string(l.Kind) + l.Mark; !b.marks[once] {
		b.operator, b.marks[once] = append(b.operator, string(l.Kind)+" "+l.About), true
	}
	return nil
}

type office struct {
	*breach.Desk
	t      *testing.T
	w      *storetest.World
	h      store.Handle
	acct   desk.Account
	f      *flow.Flow
	post   *post
	box    *box
	audit  *audit.Log
	eraser *privacy.Eraser
	by     desk.Actor
	n      int
}

func each(t *testing.T, fn func(o *office)) {
	t.Helper()
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		o := &office{t: t, w: w, h: storetest.Workspace(t, w.DB, "Northwind"), post: &post{dies: map[string]bool{}, bad: map[string]bool{}}, box: &box{marks: map[string]bool{}}, audit: audit.NewLog(w.DB)}
		o.acct = storetest.Account(t, o.h, "widget", "pk_1")
		o.f = flow.New(flow.Config{DB: w.DB, Clock: w.Clock})
		o.eraser = privacy.NewEraser(w.DB, w.Keys, o.audit)
		o.Desk = breach.New(breach.Parts{DB: w.DB, Flow: o.f, Audit: o.audit, Post: o.post, Letters: o.box})
		o.write(func(tx *store.Tx) error {
			o.by = desk.Actor{Kind: desk.ByMember, ID: tx.NewID(), Role: desk.RoleOwner}
			return tx.InsertMember(desk.Member{ID: o.by.ID, Name: "Olive", Email: "olive@example.com", Role: desk.RoleOwner, Active: true}, []byte("hash"))
		})
		fn(o)
	})
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) write(fn func(*store.Tx) error) {
	o.t.Helper()
	o.must(o.h.Write(ctx, fn))
}

// person is a contact; with an address or not, with a conversation of so many
// messages or none.
func (o *office) person(address string, messages int) (contact, talk desk.ID) {
	o.t.Helper()
	o.n++
	o.write(func(tx *store.Tx) error {
		contact, talk = tx.NewID(), tx.NewID()
		err := errors.Join(tx.InsertContact(desk.Contact{ID: contact, Name: fmt.Sprint("Person ", o.n), Email: address, Language: "en"}),
			tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: contact, Account: o.acct.ID, Kind: "visitor", Value: fmt.Sprint("v", o.n)}))
		if err != nil || messages == 0 {
			return err
		}
		return tx.InsertConversation(desk.Conversation{ID: talk, Contact: contact, Account: o.acct.ID, State: desk.Open})
	})
	for range messages {
		o.writes(talk)
	}
	return contact, talk
}

// writes lets the person of a conversation write.
func (o *office) writes(talk desk.ID) {
	o.t.Helper()
	o.n++
	o.write(func(tx *store.Tx) error {
		row, err := tx.LockConversation(talk)
		if err != nil {
			return err
		}
		m := desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact}, Kind: desk.KindText, Body: "hello", Status: desk.StatusDelivered, ExternalID: fmt.Sprint("m", o.n), At: tx.Now()}
		return errors.Join(tx.AppendMessage(&row, &m), tx.SaveConversation(row))
	})
}

// said are the texts that the program wrote in a conversation.
func (o *office) said(talk desk.ID) (all []string) {
	o.t.Helper()
	o.must(o.h.Read(ctx, func(r *store.Rx) error {
		list, err := r.MessagesAfter(talk, 0, 100)
		for _, m := range list {
			if m.Author.Kind == desk.FromSystem {
				all = append(all, string(m.Body))
			}
		}
		return err
	}))
	return all
}

// settle lets the work be done that is due.
func (o *office) settle() {
	o.t.Helper()
	life, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- o.f.Run(life, o.Handlers(), nil) }()
	tick := clock.Real{}.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for still := 0; still < 3; {
		n, err := o.w.DB.DueLanes(ctx, flow.EveryKind)
		o.must(err)
		if still++; n > 0 {
			still = 0
		}
		<-tick.C()
	}
	stop()
	<-done
}

func (o *office) open(title string) breach.Act {
	o.t.Helper()
	id, err := o.Open(ctx, o.h.Workspace(), breach.NewIncident{Title: title, By: o.by})
	o.must(err)
	return breach.Act{Workspace: o.h.Workspace(), Incident: id, By: o.by}
}

// known opens an incident that is known since now, with all facts and the people
// of the whole contact table.
func (o *office) known(risk desk.IncidentRisk) breach.Act {
	o.t.Helper()
	a := o.open("A key was stolen")
	o.must(o.Aware(ctx, a, o.w.Clock.Now(), ""))
	o.must(o.Write(ctx, a, map[string]string{"nature": "A key was used by somebody else.", "consequences": "Somebody may write to you.", "measures": "The key was dropped.", "contact": "privacy@northwind.example"}))
	o.must(o.Count(ctx, a, []store.Scope{{From: o.w.Clock.Now().Add(-time.Hour), To: o.w.Clock.Now(), Table: "contact"}}))
	o.must(o.Assess(ctx, a, risk, ""))
	return a
}

func (o *office) at(a breach.Act) breach.Whole {
	o.t.Helper()
	w, err := o.Get(ctx, a.Workspace, a.Incident)
	o.must(err)
	return w
}

// stand counts how people stand, as "state way".
func (o *office) stand(a breach.Act) map[string]int {
	all := map[string]int{}
	for _, c := range o.at(a).People {
		all[c.State+" "+c.Way] = c.N
	}
	return all
}

func reason(err error) string {
	var e *desk.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}
