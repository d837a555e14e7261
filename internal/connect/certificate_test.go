package connect_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/channel"
	"parley/internal/channel/channeltest/pigeon"
	"parley/internal/connect"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/secret"
	"parley/internal/store"
	"parley/test/storetest"
)

// eraser removes contacts, and fails as often as is said after the first.
type eraser struct {
	db    *store.DB
	mu    sync.Mutex
	fails int
	gone  map[desk.ID]int
	asked chan bool // true = it failed
}

func (e *eraser) Forget(ctx context.Context, ws, contact desk.ID) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.gone) > 0 && e.fails > 0 {
		e.fails--
		e.asked <- true
		return errors.New("the machine stopped")
	}
	e.gone[contact]++
	for done := false; !done; {
		if err := e.db.In(ws).Write(ctx, func(tx *store.Tx) (err error) { done, err = tx.EraseStep(contact); return err }); err != nil {
			return err
		}
	}
	return e.db.In(ws).Write(ctx, func(tx *store.Tx) error { return tx.EraseContact(contact) })
}

func (e *eraser) ForgetAt(ctx context.Context, ws, contact, account desk.ID) error {
	var talks []desk.ID
	err := e.db.In(ws).Read(ctx, func(r *store.Rx) (err error) { talks, err = r.TalksOf(contact, account); return err })
	for _, talk := range talks {
		for done := false; !done && err == nil; {
			err = e.db.In(ws).Write(ctx, func(tx *store.Tx) (err error) { done, err = tx.EraseTalkStep(talk); return err })
		}
	}
	return err
}

func (e *eraser) Resume(context.Context) error { return nil }

// book is a privacy ledger of two numbers.
type book struct {
	mu          sync.Mutex
	begun, over int64
}

func (b *book) Begin(context.Context, desk.ID, desk.Account) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begun++
	return b.begun, nil
}

func (b *book) End(context.Context, int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.over++
	return nil
}

func (b *book) Forget(string, string) {} // as the door

// until runs the work until the eraser failed, or a condition holds after a
// commit, and stops it.
func until(t *testing.T, w *storetest.World, f *flow.Flow, c *connect.Connect, e *eraser, done func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	bell := make(chan struct{}, 1)
	defer w.DB.Watch(func(store.Commit) {
		select {
		case bell <- struct{}{}:
		default:
		}
	})()
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx, c.Handlers(), nil) }()
	for failed := false; !failed && !done(); {
		select {
		case failed = <-e.asked:
		case <-bell:
		case <-ctx.Done():
			t.Fatal("nothing came of it")
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// covers H-69, decision 11: a deletion that is interrupted goes on, counts whole,
// and is signed once, when nothing is left.
func TestAnInterruptedDeletionIsCarriedOutBeforeItIsSigned(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		ctx := context.Background()
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, pigeon.New().Info().Name, "loft-1")
		f := flow.New(flow.Config{DB: w.DB, Clock: w.Clock})
		e, b := &eraser{db: w.DB, fails: 1, gone: map[desk.ID]int{}, asked: make(chan bool, 10)}, &book{}
		log := audit.NewLog(w.DB)
		c := connect.New(connect.Parts{DB: w.DB, Flow: f, Channels: channel.NewRegistry(pigeon.New()), Audit: log, Ledger: b, Signer: log, Eraser: e, Door: b})
		if err := h.Write(ctx, func(tx *store.Tx) error {
			for _, name := range []string{"ana", "ben"} {
				who := tx.NewID()
				if err := errors.Join(tx.InsertContact(desk.Contact{ID: who, Name: name}),
					tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: who, Account: acct.ID, Kind: "ring", Value: name}),
					tx.InsertConversation(desk.Conversation{ID: tx.NewID(), Contact: who, Account: acct.ID, State: desk.Open})); err != nil {
					return err
				}
			}
			return tx.SetSecrets(acct.ID, map[string]secret.Text{channel.SecretToken: secret.New("t")})
		}); err != nil {
			t.Fatal(err)
		}
		who := connect.Who{Workspace: h.Workspace(), Actor: desk.Actor{Kind: desk.BySystem}}
		if _, err := c.Disconnect(ctx, who, acct.ID, "burn"); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("without a choice: %v", err)
		}
		first, err := c.Disconnect(ctx, who, acct.ID, connect.DeleteHistory)
		if err != nil || !first.Done.IsZero() || len(first.Signed) > 0 || first.Facts.Deleted["contacts"] != 2 {
			t.Fatalf("at first it is %+v, %v", first, err)
		}
		look := func() connect.Certificate {
			got, err := c.Certificate(ctx, h.Workspace(), first.ID)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		done := func() bool { return !look().Done.IsZero() }
		until(t, w, f, c, e, done)
		if got := look(); !got.Done.IsZero() || len(got.Signed) > 0 || b.over != 0 {
			t.Errorf("interrupted it is signed: %+v", got)
		}
		w.Fake.Advance(time.Hour)
		until(t, w, f, c, e, done)
		got := look()
		var p audit.Proof
		key, err := log.DocumentKey(ctx)
		if err != nil || json.Unmarshal(got.Signed, &p) != nil || p.Verify(key) != nil || got.Facts.Deleted["contacts"] != 2 || len(e.gone) != 2 || b.over != 1 {
			t.Errorf("done it is %+v, erased %v, %v", got, e.gone, err)
		}
		for contact, n := range e.gone {
			if n != 1 {
				t.Errorf("%s was erased %d times", contact, n)
			}
		}
	})
}

// covers H-70, decision 2: a legal hold comes before a deletion, the others go all
// the same, and the certificate says what stays and until when backups do.
func TestAHoldKeepsItsPersonThroughADisconnection(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		ctx := context.Background()
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, pigeon.New().Info().Name, "loft-1")
		f := flow.New(flow.Config{DB: w.DB, Clock: w.Clock})
		e, b := &eraser{db: w.DB, gone: map[desk.ID]int{}, asked: make(chan bool, 10)}, &book{}
		log := audit.NewLog(w.DB)
		const backups = 90 * 24 * time.Hour
		c := connect.New(connect.Parts{DB: w.DB, Flow: f, Channels: channel.NewRegistry(pigeon.New()), Audit: log, Ledger: b, Signer: log, Eraser: e, Door: b, BackupTerm: backups})
		people := map[string]desk.ID{}
		if err := h.Write(ctx, func(tx *store.Tx) error {
			for _, name := range []string{"ana", "ben", "cem"} {
				people[name] = tx.NewID()
				if err := errors.Join(tx.InsertContact(desk.Contact{ID: people[name], Name: name}),
					tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: people[name], Account: acct.ID, Kind: "ring", Value: name}),
					tx.InsertConversation(desk.Conversation{ID: tx.NewID(), Contact: people[name], Account: acct.ID, State: desk.Open})); err != nil {
					return err
				}
			}
			return tx.InsertHold(&store.Hold{Contact: people["ben"], Reason: "a suit", Authority: "a court", By: desk.Actor{Kind: desk.BySystem}})
		}); err != nil {
			t.Fatal(err)
		}
		first, err := c.Disconnect(ctx, connect.Who{Workspace: h.Workspace(), Actor: desk.Actor{Kind: desk.BySystem}}, acct.ID, connect.DeleteHistory)
		if err != nil {
			t.Fatal(err)
		}
		got := first
		until(t, w, f, c, e, func() bool {
			if got, err = c.Certificate(ctx, h.Workspace(), first.ID); err != nil {
				t.Error(err)
			}
			return !got.Done.IsZero()
		})
		facts := got.Facts
		if facts.Kept["conversations"] != 1 || facts.Kept["contacts"] != 1 || facts.Deleted["conversations"] != 2 || facts.Deleted["contacts"] != 2 ||
			!slices.Contains(facts.Remains, connect.RemainsHeld) || !facts.DataEnd.Equal(facts.DoneAt.Add(backups)) || len(got.Signed) == 0 {
			t.Errorf("it says %+v", facts)
		}
		if err := h.Read(ctx, func(r *store.Rx) error { _, err := r.Contact(people["ben"]); return err }); err != nil || e.gone[people["ben"]] > 0 || len(e.gone) != 2 {
			t.Errorf("erased %v, who is held: %v", e.gone, err)
		}
	})
}
