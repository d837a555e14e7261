package store_test

import (
	"errors"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

// Settings of the AI are versions: the newest holds, the others stay, and a
// workspace that changed nothing makes no call to anybody (covers H-32, H-77).
func TestAISettingsAreVersions(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ws := storetest.Workspace(t, db, "a shop")
		read := func() (s desk.AISettings) {
			t.Helper()
			err := ws.Read(ctx, func(r *store.Rx) (err error) { s, err = r.AISettings(); return err })
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		if s := read(); s.Version != 0 || s.Provider != desk.NoVendor || len(s.Purposes) != 0 || s.TopicMode(desk.TopicRefunds) != desk.ModeOff {
			t.Fatalf("a new workspace begins with %+v", s)
		}
		for _, words := range []string{"first", "second"} {
			err := ws.Write(ctx, func(tx *store.Tx) error {
				s, err := tx.AISettings()
				if err != nil {
					return err
				}
				s.Instruction = words
				_, err = tx.AddAISettings(s, desk.Actor{Kind: desk.ByMember, ID: 7})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if s := read(); s.Version != 2 || s.Instruction != "second" || s.By.ID != 7 {
			t.Fatalf("the newest is %+v", s)
		}
		err := ws.Read(ctx, func(r *store.Rx) error {
			old, err := r.AIVersion(1)
			if err != nil || old.Instruction != "first" {
				t.Errorf("version 1 is %+v, %v", old, err)
			}
			all, err := r.AIHistory(1<<62, 10)
			if len(all) != 2 {
				t.Errorf("the history has %d versions", len(all))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// The key of a vendor is kept sealed, and told apart by its end alone.
func TestAVendorsKeyIsSealed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		shop, other := storetest.Workspace(t, db, "a shop"), storetest.Workspace(t, db, "another")
		if err := shop.Write(ctx, func(tx *store.Tx) error { return tx.PutAIKey(desk.OpenAI, []byte("sk-canary"), "nary") }); err != nil {
			t.Fatal(err)
		}
		err := shop.Read(ctx, func(r *store.Rx) error {
			key, err := r.OpenAIKey(desk.OpenAI)
			if string(key) != "sk-canary" {
				t.Errorf("the key is %q, %v", key, err)
			}
			all, err := r.AIKeys()
			if len(all) != 1 || all[0].Hint != "nary" {
				t.Errorf("keys %+v", all)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = other.Read(ctx, func(r *store.Rx) error { _, err := r.OpenAIKey(desk.OpenAI); return err })
		if !desk.IsNotFound(err) {
			t.Fatalf("another workspace reads the key: %v", err)
		}
	})
}

// What went to a model and came back is read for 30 days from the start of its
// day and not a moment longer, and never after its contact was erased (covers
// A-7.3-01).
func TestAILogsEndWithTheirDayAndTheirContact(t *testing.T) {
	eachFiled(t, func(f *filed) {
		m := f.sends()
		var run desk.ID
		log := func(tx *store.Tx, call desk.Call) error {
			return tx.InsertAILog(store.AILog{ID: tx.NewID(), Conversation: f.talk.ID, Contact: f.talk.Contact, Run: run, Call: call,
				Body: store.AILogBody{Prompt: "canary asked", Completion: "canary said"}})
		}
		call := desk.Call{Purpose: desk.AIReply, Vendor: desk.OpenAI, Model: "gpt", In: 100, Out: 20, Micros: 7}
		f.write(func(tx *store.Tx) error {
			run = tx.NewID()
			err := tx.InsertRun(f.talk.Contact, desk.Run{ID: run, Conversation: f.talk.ID, Trigger: m.ID, Decision: desk.DecideAnswer,
				About: desk.About{Topics: []string{"health"}}, Call: call, Scores: []float64{0.5}})
			if err != nil {
				return err
			}
			held, ok, err := tx.Reserve(store.AIHold{Tokens: 500, Micros: 30}, 1000, 0)
			if err != nil || !ok {
				return errors.Join(err, errors.New("no room in the budget"))
			}
			if err := tx.Settle(held, call); err != nil {
				return err
			}
			return log(tx, call)
		})
		logs := func() (all []store.AILog) {
			f.read(func(r *store.Rx) (err error) { all, err = r.AILogs(f.talk.ID, 10); return err })
			return all
		}
		if all := logs(); len(all) != 1 || all[0].Body.Prompt != "canary asked" || all[0].Run != run {
			f.Fatalf("read %+v", all)
		}
		f.read(func(r *store.Rx) error {
			got, err := r.Run(run)
			if len(got.About.Topics) != 1 || got.Call.In != 100 || got.Call.Vendor != desk.OpenAI || len(got.Scores) != 1 {
				f.Errorf("the turn is %+v", got)
			}
			tokens, micros, err2 := r.Spent(f.w.Clock.Now())
			if tokens != 120 || micros != 7 || err2 != nil {
				f.Errorf("spent %d tokens and %d millionths, %v", tokens, micros, err2)
			}
			return err
		})
		// Taking a message back takes along what was sent for it.
		f.write(func(tx *store.Tx) error {
			c, err := tx.LockConversation(f.talk.ID)
			if err != nil {
				return err
			}
			if err := tx.Withdraw(&c, m); err != nil {
				return err
			}
			return tx.SaveConversation(c)
		})
		if all := logs(); len(all) != 0 {
			f.Fatalf("an unsent message left %d logs", len(all))
		}
		f.write(func(tx *store.Tx) error { return log(tx, call) })
		day := f.w.Clock.Now().Truncate(24 * time.Hour)
		f.w.Fake.Jump(day.Add(store.AILogTerm - time.Second).Sub(f.w.Clock.Now()))
		if len(logs()) != 1 {
			f.Fatal("a log ended before its 30 days")
		}
		f.w.Fake.Jump(2 * time.Second)
		if len(logs()) != 0 {
			f.Fatal("a log was read after its 30 days")
		}
		var dropped int64
		f.write(func(tx *store.Tx) (err error) { dropped, err = tx.DropOldAILogs(500); return err })
		if dropped != 1 {
			f.Fatalf("%d rows went", dropped)
		}
	})
}
