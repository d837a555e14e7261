package privacy

import (
	"context"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/i18n"
	"parley/internal/store"
)

// OwnAct is what a person does with what is held about them.
type OwnAct struct {
	Kind       desk.CaseKind // one of OwnKinds
	Locale     string
	Words      string     // why, where they say so
	Correction Correction // of AskRectify
	Message    desk.ID    // of AskContest
	Reason     string     // of AskContest
}

// OwnKinds lists what a person can do by themselves.
func OwnKinds() []desk.CaseKind {
	return []desk.CaseKind{desk.AskAccess, desk.AskRectify, desk.AskErase, desk.AskNoAutomation, desk.AskObject, desk.AskContest}
}

// parley is who acts where a person does it by themselves.
func parley() desk.Actor { return desk.Actor{Kind: desk.BySystem, Name: "Parley"} }

// Do opens the case of an act, and carries it out and answers it where that needs
// nobody: who was proved by one contact gets no copy of, and erases nothing of,
// what a member joined with it. What cannot be carried out waits as a case for a
// person. What waits already is not asked twice. Errors: desk.NotFound,
// desk.Invalid, desk.TooMany.
func (o *Own) Do(ctx context.Context, v OwnVisit, a OwnAct) (Found, error) {
	if !slices.Contains(OwnKinds(), a.Kind) {
		return Found{}, desk.Fail(desk.Invalid, "kind", "there is no such act")
	}
	if a.Kind == desk.AskRectify {
		if err := a.Correction.check(); err != nil {
			return Found{}, err
		}
	}
	if a.Kind == desk.AskContest {
		if err := o.contest(ctx, v, &a); err != nil {
			return Found{}, err
		}
	}
	found, alone, err := o.open(ctx, v, a)
	if err != nil || !alone {
		return found, err
	}
	if err := o.carry(ctx, v, found.Case.ID, a); err != nil {
		return found, waits(err)
	}
	if a.Kind == desk.AskAccess { // answered when it is made
		return found, nil
	}
	found.Case, err = o.Casework.Decide(ctx, v.Workspace, found.Case.ID, parley(), Verdict{Answered: true})
	return found, waits(err)
}

// waits takes for done what a case that waits for a person is enough for: a hold,
// or an act of theirs at the same time.
func waits(err error) error {
	if desk.CodeOf(err) == desk.Conflict {
		return nil
	}
	return err
}

// open begins the case, or finds the one that waits; alone reports that it is new
// and is carried out without anybody.
func (o *Own) open(ctx context.Context, v OwnVisit, a OwnAct) (f Found, alone bool, err error) {
	err = o.DB.In(v.Workspace).Write(ctx, func(tx *store.Tx) error {
		f, alone = Found{Workspace: v.Workspace}, false
		same, err := tx.Person(v.Contact)
		if err != nil {
			return goneOr(err)
		}
		if ok, err := tx.AttemptBy("own act", v.Contact, ownActs); err != nil || !ok {
			return tooOften(err)
		}
		about, err := tx.CasesAbout(v.Contact, 50)
		if err != nil {
			return err
		}
		again := slices.IndexFunc(about, func(c store.Case) bool {
			return c.Kind == string(a.Kind) && c.Door == DoorWidget && c.State.Waits() && a.Kind != desk.AskRectify && a.Kind != desk.AskContest
		})
		if again >= 0 {
			f.Case = about[again]
			hash, err := tx.CaseCodeHash(f.Case.ID)
			f.Token = caseToken(v.Workspace, f.Case.ID, hash)
			return err
		}
		opened, err := o.Casework.OpenIn(tx, NewCase{Kind: a.Kind, Door: DoorWidget, Locale: a.Locale, Words: a.Words, Contact: v.Contact, Conversation: v.Conversation})
		f.Case, f.Token = opened.Case, opened.Token
		alone = a.Kind != desk.AskContest && (len(same) == 1 || a.Kind != desk.AskAccess && a.Kind != desk.AskErase)
		return err
	})
	return f, alone, err
}

func (o *Own) carry(ctx context.Context, v OwnVisit, id desk.ID, a OwnAct) error {
	switch a.Kind {
	case desk.AskAccess:
		_, err := o.Copies.Start(ctx, v.Workspace, v.Contact, parley(), CopyWish{Case: id, Language: a.Locale})
		return err
	case desk.AskRectify:
		a.Correction.Case = id
		_, err := o.Restrict.Correct(ctx, v.Workspace, v.Contact, parley(), a.Correction)
		return err
	}
	_, err := o.Casework.Carry(ctx, v.Workspace, id, parley())
	return err
}

// contest reports the answer, so that whoever looks at it has the record of how it
// came about, and quotes it in the request. Whose answer it was not is told that
// there is none.
func (o *Own) contest(ctx context.Context, v OwnVisit, a *OwnAct) error {
	if !slices.Contains(Reasons(), a.Reason) {
		return desk.Fail(desk.Invalid, "reason", "an answer is wrong, biased, harmful or something other")
	}
	var m desk.Message
	err := o.DB.In(v.Workspace).Read(ctx, func(r *store.Rx) (err error) { m, err = r.Message(a.Message); return err })
	if err != nil {
		return goneOr(err)
	}
	if _, err := o.Reports.Add(ctx, v.Workspace, NewReport{Message: a.Message, Reason: a.Reason, Note: a.Words, Contact: v.Contact}); err != nil {
		return goneOr(err)
	}
	quoted := string(m.Body)
	if r := []rune(quoted); len(r) > 300 {
		quoted = string(r[:300]) + "…"
	}
	a.Words = strings.TrimSpace(i18n.T(a.Locale, "report."+a.Reason, nil) + "\n“" + quoted + "”\n" + a.Words)
	return nil
}

// copied answers a request for a copy that a person had made by themselves. One
// that a member looks at meanwhile, or that is over, stays as it is.
func (o *Own) copied(ctx context.Context, j *flow.Job) error {
	it := j.Items[0]
	_, err := o.Casework.Decide(ctx, it.Workspace, it.Object, parley(), Verdict{Answered: true})
	if err != nil && desk.CodeOf(err) != desk.Conflict && !desk.IsNotFound(err) {
		return err
	}
	return o.DB.In(it.Workspace).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
}

// answers has the request answered for which a person had a copy made by
// themselves, in the transaction that makes it ready.
func (c *Copies) answers(tx *store.Tx, p store.PersonCopy) error {
	if p.Case == 0 || p.Member != 0 {
		return nil
	}
	one, err := lockCase(tx, p.Case)
	if desk.IsNotFound(err) || err == nil && one.Door != DoorWidget {
		return nil
	}
	if err != nil {
		return err
	}
	return c.Flow.Add(tx, flow.Item{Kind: OwnWork, Key: p.Case, Object: p.Case})
}
