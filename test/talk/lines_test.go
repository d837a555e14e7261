package talk_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/messenger"
	"parley/internal/channel/meta"
	"parley/internal/channel/whatsapp"
	"parley/internal/deliver"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/store"
	sim "parley/sim/meta"
	"parley/test/storetest"
)

// linesPatience is how long anything may take on a busy machine.
const linesPatience = 60 * time.Second

// lines is the way out alone, to a simulated Meta, on a clock that stands still:
// what leaves leaves at a known time.
type lines struct {
	*testing.T
	db    *storetest.World
	flow  *flow.Flow
	sim   *sim.Sim
	ws    store.Handle
	owner *sim.Person
	said  map[desk.ID][]string
}

// line is one conversation of it.
type chatLine struct {
	id   desk.ID
	chat *sim.Chat
}

func openLines(t *testing.T, w *storetest.World) *lines {
	t.Helper()
	l := &lines{T: t, db: w, said: map[desk.ID][]string{}}
	l.sim = sim.New(sim.Options{Clock: w.Clock})
	server := httptest.NewServer(l.sim.Handler())
	l.sim.At(server.URL)
	app := meta.App{ID: "4242", Secret: secret.New("test-app-secret"), InstagramID: "4343", InstagramSecret: secret.New("test-instagram-secret"),
		GraphURL: l.sim.URLs().Graph, InstagramURL: l.sim.URLs().Instagram}
	rules, err := app.Rules()
	l.must(err)
	out, err := httpx.New(w.Clock, rules...)
	l.must(err)
	t.Cleanup(func() {
		l.sim.Close()
		out.Close()
		server.Close()
	})
	l.run(meta.NewGraph(app, out, w.Clock))
	l.owner = l.sim.Person("Selin Koç")
	return l
}

// run lets messages leave through a client of Meta.
func (l *lines) run(graph *meta.Graph) {
	l.Helper()
	l.flow = flow.New(flow.Config{DB: l.db.DB, Clock: l.db.Clock, Rules: []flow.Rule{{On: desk.MessageQueued, Do: deliver.Work, Key: flow.ByConversation}}})
	d := deliver.New(deliver.Parts{DB: l.db.DB, Flow: l.flow, Channels: channel.NewRegistry(messenger.New(graph), whatsapp.New(graph))})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- l.flow.Run(ctx, d.Handlers(), nil) }()
	l.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			l.Error(err)
		}
	})
	l.ws = storetest.Workspace(l.T, l.db.DB, "Northwind")
	l.must(l.ws.Write(context.Background(), func(tx *store.Tx) error { return tx.Entitle(whatsapp.Name, true) }))
}

func (l *lines) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *lines) account(kind, outside, token string, d desk.AccountDetails) desk.Account {
	l.Helper()
	acct := storetest.Account(l.T, l.ws, kind, outside)
	l.must(l.ws.Write(context.Background(), func(tx *store.Tx) error {
		if err := tx.SetCard(acct.ID, store.Card{Details: d}); err != nil {
			return err
		}
		return tx.SetSecrets(acct.ID, map[string]secret.Text{channel.SecretToken: secret.New(token)})
	}))
	return acct
}

// wrote is a conversation that its customer began.
func (l *lines) wrote(acct desk.Account, kind string, chat *sim.Chat) chatLine {
	l.Helper()
	chat.Says("Hello?")
	return l.known(acct, kind, chat.CustomerID(), chat)
}

// known is a conversation with somebody whom an account knows by an id.
func (l *lines) known(acct desk.Account, kind, value string, chat *sim.Chat) chatLine {
	l.Helper()
	one := chatLine{chat: chat}
	l.must(l.ws.Write(context.Background(), func(tx *store.Tx) error {
		one.id = tx.NewID()
		contact := desk.Contact{ID: tx.NewID(), Name: "Ayşe"}
		if err := tx.InsertContact(contact); err != nil {
			return err
		}
		if err := tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: contact.ID, Account: acct.ID, Kind: kind, Value: value}); err != nil {
			return err
		}
		return tx.InsertConversation(desk.Conversation{ID: one.id, Workspace: tx.Workspace(), Contact: contact.ID, Account: acct.ID, State: desk.Open,
			Owner: desk.Owner{Kind: desk.OwnedByMember}, Engagement: 1, WindowUntil: tx.Now().Add(23 * time.Hour)})
	}))
	return one
}

// says queues a message of a member.
func (l *lines) says(to chatLine, body string) {
	l.Helper()
	l.said[to.id] = append(l.said[to.id], body)
	l.must(l.ws.Write(context.Background(), func(tx *store.Tx) error {
		c, err := tx.LockConversation(to.id)
		if err != nil {
			return err
		}
		m := desk.Message{Direction: desk.Out, Author: desk.Author{Kind: desk.FromMember, Name: "Selin"}, Kind: desk.KindText, Body: desk.Body(body),
			Status: desk.StatusQueued}
		if err := tx.AppendMessage(&c, &m); err != nil {
			return err
		}
		if err := tx.SaveConversation(c); err != nil {
			return err
		}
		return l.flow.Emit(tx, desk.Event{Kind: desk.MessageQueued, Conversation: c.ID, Message: m.ID, Seq: m.Seq})
	}))
}

// statuses counts a conversation's outgoing messages by status.
func (l *lines) statuses(of chatLine) map[desk.Status]int {
	l.Helper()
	n := map[desk.Status]int{}
	l.must(l.ws.Read(context.Background(), func(r *store.Rx) error {
		clear(n)
		all, err := r.MessagesAfter(of.id, 0, 1000)
		for _, m := range all {
			n[m.Status]++
		}
		return err
	}))
	return n
}

// arrives waits until every message of these conversations was sent. The clock
// goes on only while no call is under way, so that none times out by it.
func (l *lines) arrives(step time.Duration, all ...chatLine) (took time.Duration) {
	l.Helper()
	began := l.db.Clock.Now()
	ctx, cancel := context.WithTimeout(context.Background(), linesPatience)
	defer cancel()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		left, busy := 0, 0
		for _, one := range all {
			n := l.statuses(one)
			left += len(l.said[one.id]) - n[desk.StatusSent]
			busy += n[desk.StatusSending]
		}
		if left == 0 {
			return l.db.Clock.Now().Sub(began)
		}
		if busy == 0 && step > 0 {
			l.db.Fake.Advance(step)
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			l.Fatalf("%d messages did not leave", left)
		}
	}
}

// read is what the customer got, in order.
func (one chatLine) read() []string {
	var all []string
	for _, m := range one.chat.Messages() {
		if m.From != sim.ByCustomer {
			all = append(all, m.Text)
		}
	}
	return all
}

// refused counts calls to an account's messages that were answered with an error.
func (l *lines) refused(account string) (calls, errors int) {
	for _, c := range l.sim.Calls() {
		if !strings.Contains(c.Path, account+"/messages") {
			continue
		}
		calls++
		if c.Status != 200 {
			l.Logf("refused: %s", c.Answer)
			errors++
		}
	}
	return calls, errors
}
