package alert_test

import (
	"slices"
	"testing"
	"time"

	"parley/internal/alert"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/record"
	"parley/internal/store"
	"parley/test/storetest"
)

// letters counts what owners are told.
type letters struct{ told []string }

func (l *letters) Tell(_ *store.Tx, kind desk.LetterKind, about string) error {
	l.told = append(l.told, string(kind)+" "+about)
	return nil
}

func (l *letters) TellOperator(_ *store.Tx, o desk.OperatorLetter) error {
	l.told = append(l.told, "operator "+string(o.Kind)+" "+o.About)
	return nil
}

type world struct {
	*storetest.World
	t       *testing.T
	rec     *record.Recorder
	alerts  *alert.Alerts
	letters *letters
	audit   *audit.Log
	ws      store.Handle
	owner   desk.Member
}

const email = "owner@example.com"

func each(t *testing.T, fn func(w *world)) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, sw *storetest.World) {
		w := &world{World: sw, t: t, rec: record.New(sw.Clock, nil), letters: &letters{}, audit: audit.NewLog(sw.DB), ws: storetest.Workspace(t, sw.DB, "Alpha")}
		w.alerts = alert.New(alert.Parts{DB: sw.DB, Audit: w.audit, Letters: w.letters})
		w.write(func(tx *store.Tx) error {
			w.owner = desk.Member{ID: tx.NewID(), Name: "Owner", Email: email, Role: desk.RoleOwner, Active: true}
			return tx.InsertMember(w.owner, []byte("hash"))
		})
		storetest.Workspace(t, sw.DB, "Beta") // where nothing happens
		fn(w)
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) write(fn func(*store.Tx) error) {
	w.t.Helper()
	w.must(w.ws.Write(w.t.Context(), fn))
}

// minute is what the running program does within a minute at the most.
func (w *world) minute() {
	w.t.Helper()
	w.Fake.Advance(record.Every)
	w.rec.Flush(w.t.Context(), w.DB)
	w.Fake.Advance(alert.Every)
	w.must(w.alerts.Look(w.t.Context()))
	if record.Every+alert.Every > time.Minute {
		w.t.Fatal("an alert takes longer than a minute")
	}
}

func (w *world) of(ws desk.ID) (all []store.Alert) {
	w.t.Helper()
	w.must(w.In(ws).Read(w.t.Context(), func(r *store.Rx) (err error) { all, err = r.Alerts(1<<62, 10); return err }))
	return all
}

func (w *world) one(ws desk.ID, rule string) store.Alert {
	w.t.Helper()
	all := w.of(ws)
	if len(all) != 1 || all[0].Rule != rule {
		w.t.Fatalf("%+v, want one %s", all, rule)
	}
	return all[0]
}

func (w *world) guess(n int, account, network string) {
	for range n {
		w.rec.Note(record.Event{Kind: record.SignInFailed, Route: "sign-in", Account: account, Network: network})
	}
}

// asvs: V16.3.1, V16.3.3
func TestGuessingIsOneAlertWithinAMinuteAndOneLetter(t *testing.T) {
	each(t, func(w *world) {
		w.guess(9, email, "203.0.113.0/24")
		w.minute()
		if len(w.of(w.ws.Workspace()))+len(w.of(0)) != 0 {
			w.t.Fatal("nine tries are no alert")
		}
		for range 3 {
			w.guess(10, email, "203.0.113.0/24")
			w.minute()
		}
		a := w.one(w.ws.Workspace(), alert.Guessing)
		if a.SubjectID != w.owner.ID || a.Touched != 39 || !slices.Equal(slices.Sorted(slices.Values(w.letters.told)), []string{"abuse guessing", "operator abuse guessing"}) {
			w.t.Fatalf("%+v, told %v", a, w.letters.told)
		}
		w.one(0, alert.Guessing)
	})
}

func TestOneNetworkThatTriesManyAccountsIsAnAlertOfTheInstance(t *testing.T) {
	each(t, func(w *world) {
		for i := range 41 {
			w.guess(1, string(rune('a'+i))+"@example.com", "203.0.113.0/24")
		}
		w.minute()
		if a := w.one(0, alert.Guessing); a.Subject != "network" || a.Touched != 41 {
			w.t.Fatalf("%+v", a)
		}
		if !slices.Equal(w.letters.told, []string{"operator abuse guessing"}) {
			w.t.Errorf("told %v", w.letters.told)
		}
		if all := w.of(w.ws.Workspace()); len(all) != 0 {
			w.t.Fatalf("%+v", all)
		}
	})
}

func TestAClosedAlertIsRaisedAgainOnlyByWhatComesAfter(t *testing.T) {
	each(t, func(w *world) {
		ctx, ws := w.t.Context(), w.ws.Workspace()
		who := desk.Actor{Kind: desk.ByMember, ID: w.owner.ID}
		w.rec.Note(record.Event{Kind: record.SameText, Workspace: ws, Actor: who, Times: 30})
		w.minute()
		a := w.one(ws, alert.SameText)
		if err := w.alerts.Close(ctx, ws, a.ID, who, " \n"); desk.CodeOf(err) != desk.Invalid {
			w.t.Error(err)
		}
		w.must(w.alerts.Close(ctx, ws, a.ID, who, "a newsletter"))
		if err := w.alerts.Close(ctx, ws, a.ID, who, "again"); desk.CodeOf(err) != desk.Conflict {
			w.t.Error(err)
		}
		w.minute()
		if a = w.one(ws, alert.SameText); a.Note != "a newsletter" || a.ClosedBy != w.owner.ID {
			w.t.Fatalf("%+v", a)
		}
		w.rec.Note(record.Event{Kind: record.SameText, Workspace: ws, Actor: who, Times: 31})
		w.minute()
		if all := w.of(ws); len(all) != 2 || len(w.letters.told) != 2 {
			w.t.Fatalf("%+v, told %v", all, w.letters.told)
		}
	})
}

func TestAFloodIntoOneConversationIsAnAlert(t *testing.T) {
	each(t, func(w *world) {
		for _, n := range []int{59, 1} {
			w.write(func(tx *store.Tx) error {
				for range n {
					tx.Emit(desk.Event{Kind: desk.MessageArrived, Conversation: 77})
				}
				return nil
			})
			w.must(w.alerts.Look(w.t.Context()))
		}
		if a := w.one(w.ws.Workspace(), alert.Flood); a.Conversation != 77 || a.Touched != 60 {
			w.t.Fatalf("%+v", a)
		}
	})
}

func TestExportsAgainAndAgainAreAnAlertWhoseTimelineTellsThem(t *testing.T) {
	each(t, func(w *world) {
		who := desk.Actor{Kind: desk.ByMember, ID: w.owner.ID}
		for range 5 {
			w.Fake.Advance(time.Minute)
			w.write(func(tx *store.Tx) error {
				return w.audit.Put(tx, audit.Note{Verb: audit.Disclose, Action: "contact.export", Actor: who, Object: audit.Thing{Kind: "contact", ID: 5}})
			})
		}
		w.rec.Note(record.Event{Kind: record.Refused, Route: "list-keys", Workspace: w.ws.Workspace(), Actor: who, Network: "203.0.113.0/24"})
		w.guess(2, email, "198.51.100.0/24")
		w.minute()
		a := w.one(w.ws.Workspace(), alert.Exports)
		_, steps, err := w.alerts.Timeline(w.t.Context(), w.ws.Workspace(), a.ID)
		w.must(err)
		exports, refused := 0, 0
		for i, s := range steps {
			if i > 0 && s.At.Before(steps[i-1].At) {
				w.t.Error("the timeline is out of order")
			}
			switch s.What {
			case "contact.export":
				exports++
			case record.Refused:
				refused++
				if s.From != "203.0.113.0/24" {
					w.t.Errorf("%+v", s)
				}
			default:
				w.t.Errorf("%+v is somebody else's", s)
			}
		}
		if exports != 5 || refused != 1 {
			w.t.Errorf("%+v", steps)
		}
		if _, _, err := w.alerts.Timeline(w.t.Context(), 0, a.ID); !desk.IsNotFound(err) {
			w.t.Error("another workspace sees it")
		}
	})
}

func TestTheTimelineOfGuessingHoldsTheTriesAndTheSignInAfterThem(t *testing.T) {
	each(t, func(w *world) {
		w.guess(12, email, "203.0.113.0/24")
		w.minute()
		w.write(func(tx *store.Tx) error {
			return w.audit.Add(tx, desk.Actor{Kind: desk.ByMember, ID: w.owner.ID}, "session.begin", 9)
		})
		a := w.one(w.ws.Workspace(), alert.Guessing)
		_, steps, err := w.alerts.Timeline(w.t.Context(), w.ws.Workspace(), a.ID)
		w.must(err)
		if len(steps) != 2 || steps[0].What != record.SignInFailed || steps[0].Times != 12 || steps[0].From != "203.0.113.0/24" || steps[1].What != "session.begin" {
			w.t.Fatalf("%+v", steps)
		}
	})
}

func TestAKeyFromANewNetworkIsAnAlert(t *testing.T) {
	each(t, func(w *world) {
		for _, at := range []string{"198.51.100.0/24", "203.0.113.0/24"} {
			w.rec.KeyUsed(w.ws.Workspace(), 5, at)
			w.minute()
		}
		if a := w.one(w.ws.Workspace(), alert.NewNetwork); a.Subject != "key" || a.SubjectID != 5 {
			w.t.Fatalf("%+v", a)
		}
	})
}
