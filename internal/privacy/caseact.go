package privacy

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"parley/internal/desk"
	"parley/internal/store"
)

// CaseChange is what members set of a case; nil leaves a thing as it is.
type CaseChange struct {
	Kind     *desk.CaseKind
	Law      *string
	Assignee *desk.ID // 0 = nobody
	Contact  *desk.ID // whom it is about
	Checked  *bool    // who asks for another showed that they may
}

// Change sets what is known of a case that waits for its answer. Errors:
// desk.NotFound of the case, the member or the contact, desk.Invalid,
// desk.Conflict case_state, appeal_same for who decided what is appealed against.
func (w *Casework) Change(ctx context.Context, ws, id desk.ID, by desk.Actor, x CaseChange) (store.Case, error) {
	return w.change(ctx, caseAct{ws, id, by, "case.change"}, func(tx *store.Tx, c *store.Case) error {
		if !c.State.Waits() {
			return desk.Fail(desk.Conflict, "case_state", "this case is decided")
		}
		stand := standing(*c)
		if x.Law != nil {
			if err := stand.SetLaw(*x.Law); err != nil {
				return err
			}
			c.Warned = farOff
		}
		if x.Kind != nil {
			if !slices.Contains(desk.CaseKinds(), *x.Kind) || *x.Kind == desk.AskAppeal || c.AppealOf != 0 {
				return desk.Fail(desk.Invalid, "kind", "a case does not become one of this kind")
			}
			c.Kind, stand.Kind = string(*x.Kind), *x.Kind
			if x.Kind.About() && c.Proof == "" && c.State != desk.CaseProving {
				if err := stand.Do(desk.CaseAskProof, tx.Now()); err != nil {
					return err
				}
				take(c, stand)
				if err := w.askProof(tx, *c); err != nil {
					return err
				}
			}
		}
		if x.Checked != nil {
			c.AgentChecked, stand.Checked = *x.Checked && c.Agent, *x.Checked && c.Agent
		}
		take(c, stand)
		was := *c
		if err := w.point(tx, c, x); err != nil || c.Contact == was.Contact && x.Kind == nil {
			return err
		}
		return w.freeze(tx, *c)
	})
}

// askProof mails a link that proves, where the person can be mailed.
func (w *Casework) askProof(tx *store.Tx, c store.Case) error {
	to, err := address(&tx.Rx, c.ID)
	if err != nil || to == "" || c.Door != DoorMail && c.Door != DoorPage {
		return err
	}
	return w.write(tx, c, "prove", nil)
}

// point says who works on a case and whom it is about.
func (w *Casework) point(tx *store.Tx, c *store.Case, x CaseChange) error {
	if x.Assignee != nil {
		if *x.Assignee != 0 {
			if _, err := tx.Member(*x.Assignee); err != nil {
				return err
			}
			if err := otherDecider(tx, *c, *x.Assignee); err != nil {
				return err
			}
		}
		c.Assignee = *x.Assignee
	}
	if x.Contact != nil {
		switch {
		case *x.Contact == 0:
		case c.Proof == ProofChannel || c.Proof == ProofCode:
			return desk.Fail(desk.Conflict, "proved", "the person proved who they are in a conversation of theirs; the case is about nobody else")
		default:
			if _, err := tx.Contact(*x.Contact); err != nil {
				return err
			}
		}
		c.Contact = *x.Contact
	}
	return nil
}

// otherDecider holds an appeal away from who decided what it is against
// (A-14.3-03).
func otherDecider(tx *store.Tx, c store.Case, who desk.ID) error {
	if c.AppealOf == 0 || who == 0 {
		return nil
	}
	before, err := tx.Case(c.AppealOf)
	if desk.IsNotFound(err) {
		return nil
	}
	if err == nil && before.DecidedBy == who {
		return desk.Fail(desk.Conflict, "appeal_same", "an appeal is decided by somebody else than who decided before")
	}
	return err
}

// ProveCase notes that somebody of the business checked who asks. Only an identity
// that the case shows is proved by that: the contact is named before.
func (w *Casework) ProveCase(ctx context.Context, ws, id desk.ID, by desk.Actor, note string) (store.Case, error) {
	if strings.TrimSpace(note) == "" {
		return store.Case{}, desk.Fail(desk.Invalid, "note", "say how you know that it is them")
	}
	return w.change(ctx, caseAct{ws, id, by, "case.prove"}, func(tx *store.Tx, c *store.Case) error {
		if desk.CaseKind(c.Kind).About() && c.Contact == 0 {
			return desk.Fail(desk.Conflict, "no_contact", "say first which contact it is about")
		}
		if err := w.proved(tx, c, ProofMember); err != nil {
			return err
		}
		return tx.AddCaseText(&store.CaseText{Case: c.ID, Kind: store.CaseNote, Author: by.ID, Body: note})
	})
}

// proved opens a case whose person was proved.
func (w *Casework) proved(tx *store.Tx, c *store.Case, how string) error {
	stand := standing(*c)
	if err := stand.Do(desk.CaseProve, tx.Now()); err != nil {
		return err
	}
	c.Proof, c.ProofHash = how, nil
	take(c, stand)
	return w.write(tx, *c, "proved", nil)
}

// MoreTime is by how many days the end of a case moves, and why.
type MoreTime struct {
	Days int
	Why  string // the person reads it
}

// ExtendCase moves the end of a case once and tells the person why. Errors as
// desk.CaseStand.Extend, desk.Invalid reason.
func (w *Casework) ExtendCase(ctx context.Context, ws, id desk.ID, by desk.Actor, x MoreTime) (store.Case, error) {
	why := strings.TrimSpace(x.Why)
	if why == "" || len(why) > MaxCaseWords {
		return store.Case{}, desk.Fail(desk.Invalid, "reason", "say why it takes longer; the person reads it")
	}
	return w.change(ctx, caseAct{ws, id, by, "case.extend"}, func(tx *store.Tx, c *store.Case) error {
		stand := standing(*c)
		if err := stand.Extend(x.Days, tx.Now()); err != nil {
			return err
		}
		c.Warned = farOff
		take(c, stand)
		return w.write(tx, *c, "extended", map[string]string{"days": strconv.Itoa(x.Days), "text": why})
	})
}

// CaseWords is what a member adds to a case.
type CaseWords struct {
	Letter bool // for the person; else a note
	Words  string
}

// Say adds to a case: a letter that the person reads, or a note that they do not.
func (w *Casework) Say(ctx context.Context, ws, id desk.ID, by desk.Actor, x CaseWords) (store.Case, error) {
	words, letter := strings.TrimSpace(x.Words), x.Letter
	if words == "" || len(words) > MaxCaseWords {
		return store.Case{}, desk.Fail(desk.Invalid, "text", "write 1 to 8000 bytes")
	}
	act := map[bool]string{true: "case.letter", false: "case.note"}[letter]
	return w.change(ctx, caseAct{ws, id, by, act}, func(tx *store.Tx, c *store.Case) error {
		switch {
		case c.State == desk.CaseClosed:
			return desk.Fail(desk.Conflict, "case_state", "this case is closed")
		case !letter:
			return tx.AddCaseText(&store.CaseText{Case: c.ID, Kind: store.CaseNote, Author: by.ID, Body: words})
		}
		if err := w.write(tx, *c, "message", map[string]string{"text": words}); err != nil {
			return err
		}
		return begun(tx, c)
	})
}

// begun notes that somebody works on an open case.
func begun(tx *store.Tx, c *store.Case) error {
	stand := standing(*c)
	if c.State != desk.CaseOpen || stand.Do(desk.CaseBegin, tx.Now()) != nil {
		return nil
	}
	take(c, stand)
	return nil
}

// Verdict is how a case is decided.
type Verdict struct {
	Answered bool   // else it is refused
	Reason   string // of a refusal, one of desk.RefusalReasons
	Words    string // for the person; needed where no act speaks for itself
}

// Decide ends the work on a case: it is answered, of which there must be evidence,
// or refused with a reason and how to appeal. Errors: desk.Conflict case_state,
// no_evidence, not_proven, agent_unproven, appeal_same; desk.Invalid reason or
// text.
func (w *Casework) Decide(ctx context.Context, ws, id desk.ID, by desk.Actor, v Verdict) (store.Case, error) {
	v.Words = strings.TrimSpace(v.Words)
	switch {
	case len(v.Words) > MaxCaseWords:
		return store.Case{}, desk.Fail(desk.Invalid, "text", "write at most 8000 bytes")
	case !v.Answered && !slices.Contains(desk.RefusalReasons(), v.Reason):
		return store.Case{}, desk.Fail(desk.Invalid, "reason", "a refusal needs one of the reasons that the law knows")
	}
	return w.change(ctx, caseAct{ws, id, by, "case.decide"}, func(tx *store.Tx, c *store.Case) error {
		if err := otherDecider(tx, *c, by.ID); err != nil {
			return err
		}
		act, letter := desk.CaseAnswer, "answered"
		if !v.Answered {
			act, letter, c.Reason = desk.CaseRefuse, "refused", v.Reason
		} else if err := w.evident(tx, *c, v); err != nil {
			return err
		}
		stand := standing(*c)
		if err := stand.Do(act, tx.Now()); err != nil {
			return err
		}
		c.DecidedBy = by.ID
		take(c, stand)
		more := map[string]string{"text": v.Words}
		if v.Answered {
			if err := waiting(tx, c.ID, more); err != nil {
				return err
			}
		}
		return w.write(tx, *c, letter, more)
	})
}

// waiting gives a copy that answers a case its whole time from the answer on, and
// says until when it waits.
func waiting(tx *store.Tx, id desk.ID, more map[string]string) error {
	one, err := tx.CopyOfCase(id)
	if desk.IsNotFound(err) || err == nil && !tx.Now().Before(one.Ends) {
		return nil
	}
	if err != nil {
		return err
	}
	one, err = tx.ChangeCopy(one.ID, func(p *store.PersonCopy) error { p.Ends = tx.Now().Add(CopyTerm); return nil })
	more["copy_ends"] = Day(one.Ends)
	return err
}

// evident refuses to call a case answered of which nothing shows that it is.
func (w *Casework) evident(tx *store.Tx, c store.Case, v Verdict) error {
	kind := desk.CaseKind(c.Kind)
	missing := desk.Fail(desk.Conflict, "no_evidence", "nothing shows that this was done; carry it out first (POST …/carry-out), or refuse with a reason")
	if kind.About() && c.Proof == "" {
		return desk.Fail(desk.Conflict, "not_proven", "the person has not shown that it is them")
	}
	switch need := kind.Evidence(); need {
	case "":
		if v.Words == "" {
			return desk.Fail(desk.Invalid, "text", "write the answer; the person reads it")
		}
		return nil
	case string(desk.AskErase):
		// The mark is set by the erasure alone, which begins in the ledger.
		if !c.Erased || c.Outcome[ledgerNo] == 0 {
			return map[bool]error{false: missing}[c.Erased]
		}
		done, err := w.Keys.ActDone(tx.Context(), tx.Workspace(), int64(c.Outcome[ledgerNo]))
		if err == nil && !done {
			err = missing
		}
		return err
	default:
		if c.Outcome[need] == 0 {
			return missing
		}
		return nil
	}
}

// ledgerNo is the name in a case's outcome of the number of its act in the privacy
// ledger.
const ledgerNo = "ledger"

// ErasureOf is the number in the privacy ledger of the erasure that a case
// carried out; 0 none.
func ErasureOf(c store.Case) int64 { return int64(c.Outcome[ledgerNo]) }

func note(c *store.Case, act string, no int64) {
	if c.Outcome == nil {
		c.Outcome = map[string]int{}
	}
	c.Outcome[act] = 1
	if no > 0 {
		c.Outcome[ledgerNo] = int(no)
	}
}

// forCase begins the work on a case with an act for one person, in the caller's
// transaction: the case must be proved, ask for this and be about the same person.
// Errors: as Carry, desk.Conflict case_kind, case_person.
func forCase(tx *store.Tx, id, contact desk.ID, kinds ...desk.CaseKind) error {
	c, err := lockCase(tx, id)
	if err != nil {
		return err
	}
	if err := ready(c); err != nil {
		return err
	}
	if !slices.Contains(kinds, desk.CaseKind(c.Kind)) {
		return desk.Fail(desk.Conflict, "case_kind", "this request asks for something else; change what it asks for first (PATCH …/privacy/cases/{id})")
	}
	same, err := tx.Person(contact)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(same, func(p desk.Contact) bool { return p.ID == c.Contact }) {
		return desk.Fail(desk.Conflict, "case_person", "this request is about somebody else")
	}
	if err := begun(tx, &c); err != nil {
		return err
	}
	return tx.SaveCase(c)
}

// did notes in the caller's transaction that the act which answers a case was
// carried out: no is its number in the privacy ledger, 0 where it has none. A case
// that is over by then, or asks for something else now, stays as it is.
func did(tx *store.Tx, id desk.ID, act string, no int64) error {
	c, err := lockCase(tx, id)
	if desk.IsNotFound(err) {
		return nil
	}
	if err != nil || !c.State.Waits() || desk.CaseKind(c.Kind).Evidence() != act {
		return err
	}
	note(&c, act, no)
	return tx.SaveCase(c)
}

// WithdrawCase ends a case at the person's own wish.
func (w *Casework) WithdrawCase(ctx context.Context, ws, id desk.ID, by desk.Actor) (store.Case, error) {
	return w.change(ctx, caseAct{ws, id, by, "case.withdraw"}, w.withdraw)
}

func (w *Casework) withdraw(tx *store.Tx, c *store.Case) error {
	stand := standing(*c)
	if err := stand.Do(desk.CaseWithdraw, tx.Now()); err != nil {
		return err
	}
	take(c, stand)
	return w.write(tx, *c, "withdrawn", nil)
}

// CloseCase closes a decided case: a right's only once the time to appeal is over,
// which the clock does by itself. What was said in it but the letters goes.
func (w *Casework) CloseCase(ctx context.Context, ws, id desk.ID, by desk.Actor) (store.Case, error) {
	return w.change(ctx, caseAct{ws, id, by, "case.close"}, func(tx *store.Tx, c *store.Case) error {
		stand := standing(*c)
		if err := stand.Do(desk.CaseClose, tx.Now()); err != nil {
			return err
		}
		take(c, stand)
		return tx.DropCaseWords(c.ID)
	})
}
