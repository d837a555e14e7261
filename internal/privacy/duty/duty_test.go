package duty_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/privacy/duty"
	"parley/internal/store"
	"parley/test/storetest"
)

var ctx = context.Background()

const day = 24 * time.Hour

type box struct{ all []string }

func (b *box) Queue(_ *store.Tx, l desk.Letter) error {
	b.all = append(b.all, string(l.Kind)+" "+l.About)
	return nil
}

type roster struct{ gone []string }

func (r *roster) SwitchOff(_ context.Context, _, id desk.ID, _ desk.Actor) error {
	r.gone = append(r.gone, "member:"+id.String())
	return nil
}

func (r *roster) DropKey(_ context.Context, _, id desk.ID, _ desk.Actor) error {
	r.gone = append(r.gone, "key:"+id.String())
	return nil
}

type facts struct{}

func (facts) Measures(_ context.Context, _ string, clauses []string) (all []duty.Measure, err error) {
	for _, c := range clauses {
		all = append(all, duty.Measure{Clause: c, Says: "It is kept.", State: "proven"})
	}
	return all, nil
}

func (facts) Recipients(context.Context, desk.ID, string) ([]duty.Recipient, error) {
	return []duty.Recipient{{Company: "Words, Inc.", Purpose: "words of answers"}}, nil
}

func (facts) Notice(context.Context, desk.ID) (string, error) {
	return "https://desk.example/notice", nil
}

type office struct {
	*duty.Duties
	t      *testing.T
	w      *storetest.World
	h      store.Handle
	box    *box
	roster *roster
	owner  desk.Actor
	clerk  desk.Actor // answers for privacy, and manages nobody
}

func each(t *testing.T, fn func(o *office)) {
	t.Helper()
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		o := &office{t: t, w: w, h: storetest.Workspace(t, w.DB, "Northwind"), box: &box{}, roster: &roster{}}
		storetest.Account(t, o.h, "widget", "pk_1")
		o.Duties = duty.New(duty.Parts{DB: w.DB, Audit: audit.NewLog(w.DB), Letters: o.box, Roster: o.roster, World: facts{}})
		for _, a := range []struct {
			who  *desk.Actor
			role desk.Role
			name string
		}{{&o.owner, desk.RoleOwner, "Olive"}, {&o.clerk, desk.RolePrivacy, "Priya"}} {
			o.write(func(tx *store.Tx) error {
				*a.who = desk.Actor{Kind: desk.ByMember, ID: tx.NewID(), Role: a.role}
				return tx.InsertMember(desk.Member{ID: a.who.ID, Name: a.name, Email: a.name + "@example.com", Role: a.role, Active: true}, []byte("hash"))
			})
		}
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

func (o *office) open() (all []store.Duty) {
	o.t.Helper()
	all, err := o.List(ctx, o.h.Workspace())
	o.must(err)
	return all
}

func (o *office) the(k desk.DutyKind) store.Duty {
	o.t.Helper()
	all := o.open()
	i := slices.IndexFunc(all, func(d store.Duty) bool { return d.Kind == k })
	if i < 0 {
		o.t.Fatalf("no %s is open: %+v", k, all)
	}
	return all[i]
}

// signs reads one and decides the same on each line.
func (o *office) signs(id desk.ID, by desk.Actor, verdict string) error {
	o.t.Helper()
	one, _, err := o.Get(ctx, o.h.Workspace(), id, "en")
	o.must(err)
	s := duty.Signing{Locale: "en", Hash: one.Hash, Verdicts: map[string]duty.Verdict{}}
	for _, l := range one.Lines {
		s.Verdicts[l.Key] = duty.Verdict{Verdict: verdict}
	}
	return o.Sign(ctx, o.h.Workspace(), id, by, s)
}

func (o *office) tick() { o.t.Helper(); o.must(o.Tick(ctx)) }

func refused(t *testing.T, err error, reason string) {
	t.Helper()
	var e *desk.Error
	if !errors.As(err, &e) || e.Reason != reason {
		t.Errorf("wanted %s: %v", reason, err)
	}
}

// covers A-12.2-03, A-13-01, A-4.3-01
func TestWhatIsOwedIsOpenOnceIsRemindedOfAndComesAgain(t *testing.T) {
	each(t, func(o *office) {
		o.tick()
		o.tick()
		if all := o.open(); len(all) != 4 || !all[0].Standing {
			t.Fatalf("owed: %+v", all)
		}
		began := o.w.Clock.Now()
		review := o.the(desk.DutyAccess)
		if review.Due.Sub(began) > 90*day || review.Due.Sub(began) < 89*day {
			t.Errorf("the first review is due in %v", review.Due.Sub(began))
		}
		if len(o.box.all) != 0 {
			t.Errorf("written to at once: %v", o.box.all)
		}
		o.w.Fake.Jump(16*day + time.Hour) // three are due in two weeks: one letter for all, to two people
		o.tick()
		o.tick()
		o.w.Fake.Jump(12 * day)
		o.tick()
		o.w.Fake.Jump(2 * day)
		o.tick()
		o.w.Fake.Jump(15 * day)
		o.tick()
		want := []string{"duty_due 14", "duty_due 14", "duty_due 3", "duty_due 3", "duty_due 0", "duty_due 0", "duty_due late", "duty_due late"}
		if !slices.Equal(o.box.all, want) {
			t.Errorf("letters %v", o.box.all)
		}
		first := o.the(desk.DutyAssessment)
		o.must(o.signs(first.ID, o.clerk, "low"))
		next := o.the(desk.DutyAssessment)
		if in := next.Due.Sub(o.w.Clock.Now()); next.ID == first.ID || !next.Standing || in < 364*day {
			t.Errorf("after the signing: %+v", next)
		}
		refused(t, o.signs(first.ID, o.clerk, "low"), "duty_done")
		refused(t, o.Drop(ctx, o.h.Workspace(), next.ID, o.owner), "duty_standing")
	})
}

// covers A-13-01
func TestAnotherModelAsksForTheNextAssessment(t *testing.T) {
	each(t, func(o *office) {
		o.tick()
		o.must(o.signs(o.the(desk.DutyAssessment).ID, o.owner, "low"))
		o.tick()
		if in := o.the(desk.DutyAssessment).Due.Sub(o.w.Clock.Now()); in < 300*day {
			t.Fatalf("nothing changed and it is due in %v", in)
		}
		o.write(func(tx *store.Tx) error {
			set, err := tx.AISettings()
			if err != nil {
				return err
			}
			set.Provider, set.Purposes = desk.OpenAI, []desk.AIPurpose{desk.AIReply}
			_, err = tx.AddAISettings(set, o.owner)
			return err
		})
		o.tick()
		next := o.the(desk.DutyAssessment)
		if in := next.Due.Sub(o.w.Clock.Now()); in > desk.DutySoon || len(o.box.all) != 2 {
			t.Errorf("due in %v, letters %v", in, o.box.all)
		}
		_, changed, err := o.Get(ctx, o.h.Workspace(), next.ID, "en")
		o.must(err)
		if !changed {
			t.Error("it does not say why it is due")
		}
		o.must(o.signs(next.ID, o.owner, "medium"))
		o.tick()
		if in := o.the(desk.DutyAssessment).Due.Sub(o.w.Clock.Now()); in < 300*day {
			t.Errorf("signed for the new model, and the next is due in %v", in)
		}
	})
}

// covers A-12.2-03
func TestAReviewOfAccessDecidesOnEverybodyAndRemovesWhomItSays(t *testing.T) {
	each(t, func(o *office) {
		key := store.AccessKey{Name: "Till", Role: desk.RoleAgent, ExpiresAt: o.w.Clock.Now().Add(300 * day)}
		o.write(func(tx *store.Tx) error { key.ID = tx.NewID(); return tx.InsertAccessKey([]byte("token"), key) })
		o.tick()
		id := o.the(desk.DutyAccess).ID
		one, _, err := o.Get(ctx, o.h.Workspace(), id, "en")
		o.must(err)
		if len(one.Lines) != 3 || !strings.Contains(one.Lines[2].Words, "Till") || strings.Contains(one.Lines[0].Words+one.Lines[1].Words, "Olive") {
			t.Fatalf("lines %+v", one.Lines)
		}
		s := duty.Signing{Locale: "en", Hash: one.Hash, Verdicts: map[string]duty.Verdict{"key:" + key.ID.String(): {Verdict: "remove"}}}
		refused(t, o.Sign(ctx, o.h.Workspace(), id, o.owner, s), "verdicts")
		for _, l := range one.Lines[:2] {
			s.Verdicts[l.Key] = duty.Verdict{Verdict: "keep"}
		}
		refused(t, o.Sign(ctx, o.h.Workspace(), id, o.clerk, s), "review_removes")
		refused(t, o.Sign(ctx, o.h.Workspace(), id, desk.Actor{Kind: desk.ByKey, Role: desk.RoleOwner}, s), "members_only")
		if len(o.roster.gone) != 0 {
			t.Fatalf("removed %v", o.roster.gone)
		}
		o.must(o.Sign(ctx, o.h.Workspace(), id, o.owner, s))
		if !slices.Equal(o.roster.gone, []string{"key:" + key.ID.String()}) {
			t.Errorf("removed %v", o.roster.gone)
		}
		done, _, err := o.Get(ctx, o.h.Workspace(), id, "tr")
		o.must(err)
		if !done.Done || done.DoneBy != o.owner.ID || done.Lines[2].Verdict != "remove" || !bytes.Equal(done.Hash, one.Hash) {
			t.Errorf("the record: %+v", done)
		}
	})
}

// covers A-13-02, A-4.3-01
func TestAPaperIsSignedAsItStandsAndIsWholeInBothLanguages(t *testing.T) {
	each(t, func(o *office) {
		o.tick()
		for _, k := range []desk.DutyKind{desk.DutyAssessment, desk.DutyInterests, desk.DutyNotice, desk.DutyAccess} {
			for _, l := range i18n.Locales() {
				one, _, err := o.Get(ctx, o.h.Workspace(), o.the(k).ID, l)
				o.must(err)
				var all []string
				for _, s := range one.Document {
					all = append(append(all, s.Title), s.Lines...)
				}
				for _, line := range one.Lines {
					all = append(append(all, line.Words), line.Detail...)
				}
				whole := strings.Join(all, "\n")
				if hole := regexp.MustCompile(`\b(duty|notice|copy|role)\.[a-z]|\{`).FindString(whole); hole != "" {
					t.Errorf("%s in %s has a hole: %q", k, l, hole)
				}
				if k == desk.DutyAssessment && (!strings.Contains(whole, "Words, Inc.") || len(one.Document) != 3 || len(one.Document[1].Lines) < 15 || len(one.Lines) < 8) {
					t.Errorf("the assessment in %s: %s", l, whole)
				}
				if k == desk.DutyNotice && (len(one.Lines) != 5 || strings.Count(whole, "https://desk.example/notice") != 4 || !strings.Contains(whole, "yapay") || !strings.Contains(whole, "a machine")) {
					t.Errorf("the advice in %s: %s", l, whole)
				}
				if k == desk.DutyInterests && len(one.Lines) != 6 {
					t.Errorf("interests: %d", len(one.Lines))
				}
			}
		}
		id := o.the(desk.DutyInterests).ID
		one, _, err := o.Get(ctx, o.h.Workspace(), id, "en")
		o.must(err)
		s := duty.Signing{Locale: "tr", Hash: one.Hash, Verdicts: map[string]duty.Verdict{}}
		for _, l := range one.Lines {
			s.Verdicts[l.Key] = duty.Verdict{Verdict: "yields"}
		}
		refused(t, o.Sign(ctx, o.h.Workspace(), id, o.owner, s), "paper_changed") // they read another one
		s.Locale = "en"
		refused(t, o.Sign(ctx, o.h.Workspace(), id, o.owner, s), "verdict_why")
	})
}

// covers A-12.4-01, A-12.4-02
func TestTrainingsAndAgreementsStandInTheRegisterUntilTheirTerm(t *testing.T) {
	each(t, func(o *office) {
		now, ws := o.w.Clock.Now(), o.h.Workspace()
		_, err := o.Open(ctx, ws, o.owner, store.Duty{Kind: desk.DutyTraining, Title: "Data protection", Due: now.Add(day)})
		refused(t, err, "duty_person")
		_, err = o.Open(ctx, ws, o.owner, store.Duty{Kind: desk.DutyDrill, Due: now.Add(day)})
		refused(t, err, "title")
		training, err := o.Open(ctx, ws, o.owner, store.Duty{Kind: desk.DutyTraining, Title: "Data protection", Member: o.clerk.ID, Due: now.Add(day), Every: 365})
		o.must(err)
		bound, err := o.Open(ctx, ws, o.owner, store.Duty{Kind: desk.DutyAgreement, Title: "Confidentiality", Person: "Cleaner Ltd", Due: now.Add(day)})
		o.must(err)
		refused(t, o.Sign(ctx, ws, bound.ID, o.owner, duty.Signing{}), "document_sha256")
		sum := sha256.Sum256([]byte("the paper"))
		o.must(o.Sign(ctx, ws, bound.ID, o.owner, duty.Signing{Hash: sum[:]}))
		o.must(o.Sign(ctx, ws, training.ID, o.owner, duty.Signing{Note: "Passed"}))
		if next := o.open(); len(next) != 1 || next[0].Kind != desk.DutyTraining || next[0].Member != o.clerk.ID {
			t.Errorf("after both were signed: %+v", next)
		}
		for _, left := range []struct {
			after time.Duration
			n     int
		}{{store.DutyTerm - day, 2}, {2 * day, 0}} {
			o.w.Fake.Jump(left.after)
			o.write(func(tx *store.Tx) error { _, err := tx.DropOldDuties(); return err })
			done, err := o.Done(ctx, ws, 0)
			o.must(err)
			if len(done) != left.n {
				t.Errorf("%v later %d records are kept, wanted %d", left.after, len(done), left.n)
			}
		}
		if len(o.open()) != 1 {
			t.Error("what is open went with the records")
		}
		o.must(o.Drop(ctx, ws, o.open()[0].ID, o.owner))
	})
}
