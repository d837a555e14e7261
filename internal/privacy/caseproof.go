package privacy

import (
	"context"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// Ids of the choices that a confirming question offers, before the case's id.
const (
	confirmYes = "case_yes:"
	confirmNo  = "case_no:"
)

// Heard is what a contact said in a conversation of theirs about their data: one
// of the three.
type Heard struct {
	Kind   desk.CaseKind // a phrase that asks for this
	Code   string        // the public page's code
	Choice string        // what they chose of a confirming question
}

// Said is what the contact is told: a question with choices, or a plain answer.
type Said struct {
	Text    string
	Buttons []desk.Button
}

// Hear takes up what a contact said, in the caller's transaction. A phrase opens a
// case and asks one confirming question; it never carries anything out. ok is
// false when it is none of that after all.
func (w *Casework) Hear(tx *store.Tx, c desk.Conversation, locale string, h Heard) (said Said, ok bool, err error) {
	if !i18n.Known(locale) {
		locale = i18n.Fallback
	}
	switch {
	case h.Choice != "":
		return w.confirmed(tx, c, locale, h.Choice)
	case h.Code != "":
		return w.codeSent(tx, c, locale, h.Code)
	case h.Kind != "":
		said, err = w.phrase(tx, c, locale, h.Kind)
		return said, err == nil, err
	}
	return said, false, nil
}

func (w *Casework) phrase(tx *store.Tx, c desk.Conversation, locale string, kind desk.CaseKind) (Said, error) {
	open, err := tx.CasesAbout(c.Contact, 20)
	if err != nil {
		return Said{}, err
	}
	at := slices.IndexFunc(open, func(x store.Case) bool { return x.Kind == string(kind) && x.State.Waits() })
	if at >= 0 && open[at].State != desk.CaseProving {
		return Said{Text: i18n.T(locale, "case.chat.runs", map[string]string{"number": CaseNumber(open[at].ID), "due": Day(open[at].Due)})}, nil
	}
	var one store.Case
	if at >= 0 {
		one = open[at]
	} else {
		opened, err := w.OpenIn(tx, NewCase{Kind: kind, Door: DoorChannel, Locale: locale, Contact: c.Contact, Conversation: c.ID})
		if err != nil {
			return Said{}, err
		}
		one = opened.Case
	}
	return question(locale, "case.chat.confirm", one), nil
}

func question(locale, key string, c store.Case) Said {
	return Said{Text: i18n.T(locale, key, map[string]string{"asked": AskedWords(locale, c.Kind), "number": CaseNumber(c.ID)}), Buttons: []desk.Button{
		{ID: confirmYes + c.ID.String(), Label: i18n.T(locale, "case.chat.yes", nil)}, {ID: confirmNo + c.ID.String(), Label: i18n.T(locale, "case.chat.no", nil)}}}
}

// codeSent finds the case of a code that somebody sent from a conversation of
// theirs. It then asks them whether it was them: a code that a stranger talked
// them into sending opens nothing.
func (w *Casework) codeSent(tx *store.Tx, c desk.Conversation, locale, code string) (Said, bool, error) {
	unknown := Said{Text: i18n.T(locale, "case.chat.unknown_code", nil)}
	if ok, err := tx.AttemptBy("request code", c.Contact, codeTries); err != nil || !ok {
		return Said{Text: i18n.T(locale, "case.chat.too_many", nil)}, err == nil, err
	}
	hash, err := w.codeHash(tx.Context(), tx.Workspace(), code)
	if err != nil {
		return Said{}, false, err
	}
	found, err := tx.CaseOfProof(hash)
	if desk.IsNotFound(err) || err == nil && found.State != desk.CaseProving {
		return unknown, true, nil
	}
	if err != nil {
		return Said{}, false, err
	}
	one, err := lockCase(tx, found.ID)
	if err != nil {
		return Said{}, false, err
	}
	// The first who sends it is asked; nobody takes it over from them.
	one.Contact, one.Conversation, one.ProofHash, one.Locale = c.Contact, c.ID, nil, locale
	if err := tx.SaveCase(one); err != nil {
		return Said{}, false, err
	}
	return question(locale, "case.chat.was_it_you", one), true, nil
}

// IsChoice reports whether a choice belongs to a confirming question, and whether
// it is its yes.
func IsChoice(id string) (is, yes bool) {
	yes = strings.HasPrefix(id, confirmYes)
	return yes || strings.HasPrefix(id, confirmNo), yes
}

func (w *Casework) confirmed(tx *store.Tx, c desk.Conversation, locale, choice string) (Said, bool, error) {
	number, yes := strings.CutPrefix(choice, confirmYes)
	number = strings.TrimPrefix(number, confirmNo)
	id, err := desk.ParseID(number)
	if err != nil {
		return Said{}, false, nil
	}
	one, err := lockCase(tx, id)
	if desk.IsNotFound(err) || err == nil && (one.Contact != c.Contact || one.State != desk.CaseProving) {
		return Said{}, false, nil
	}
	if err != nil {
		return Said{}, false, err
	}
	say := func(key string) Said {
		return Said{Text: i18n.T(locale, key, map[string]string{"number": CaseNumber(id), "due": Day(one.Due)})}
	}
	by := desk.Actor{Kind: desk.BySystem, Name: "Parley"}
	out, act := say("case.chat.begun"), "case.prove"
	switch {
	case yes && one.Door == DoorPage:
		if err = w.proved(tx, &one, ProofCode); err == nil {
			err = w.freeze(tx, one)
		}
	case yes:
		err = w.proved(tx, &one, ProofChannel)
		if err == nil && w.Home != "" {
			var hash []byte
			if hash, err = tx.CaseCodeHash(id); err == nil {
				out.Text += " " + w.Home + "/privacy/status/" + caseToken(tx.Workspace(), id, hash)
			}
		}
	case one.Door == DoorPage: // it was somebody else: what they asked is not about this contact
		one.Contact, one.Conversation = 0, 0
		out, act = say("case.chat.not_you"), "case.withdraw"
		err = w.withdraw(tx, &one)
	default:
		out, act = say("case.chat.stopped"), "case.withdraw"
		err = w.withdraw(tx, &one)
	}
	if err == nil {
		err = tx.SaveCase(one)
	}
	if err == nil {
		err = w.Audit.Add(tx, by, act, id)
	}
	return out, err == nil, err
}

// ByProof finds the case that a mailed proof opens; desk.NotFound else.
func (w *Casework) ByProof(ctx context.Context, token string) (Found, error) {
	gone := desk.Fail(desk.NotFound, "case_not_found", "there is no such case")
	ws, id, ok := readToken(token)
	if !ok {
		return Found{}, gone
	}
	f, err := w.Get(ctx, ws, id)
	if err != nil {
		return Found{}, gone
	}
	want, err := w.proofToken(ctx, ws, id)
	if err != nil {
		return Found{}, err
	}
	if f.Case.Door != DoorMail && f.Case.Door != DoorPage || f.Case.State != desk.CaseProving || !secret.Equal(want, token) {
		return Found{}, gone
	}
	return f, nil
}

// ProveByMail opens the case of a mailed proof, once.
func (w *Casework) ProveByMail(ctx context.Context, token string) (Found, error) {
	f, err := w.ByProof(ctx, token)
	if err != nil {
		return f, err
	}
	f.Case, err = w.change(ctx, caseAct{f.Workspace, f.Case.ID, desk.Actor{Kind: desk.BySystem, Name: "Parley"}, "case.prove"}, func(tx *store.Tx, c *store.Case) error {
		return w.proved(tx, c, ProofMail)
	})
	return f, err
}

// NewCode makes a new code for a case of the public page whose person has not
// sent one; the one before ends.
func (w *Casework) NewCode(ctx context.Context, token string) (code string, err error) {
	f, err := w.ByToken(ctx, token)
	if err != nil {
		return "", err
	}
	_, err = w.change(ctx, caseAct{f.Workspace, f.Case.ID, desk.Actor{Kind: desk.BySystem, Name: "Parley"}, "case.code"}, func(tx *store.Tx, c *store.Case) (err error) {
		if c.Door != DoorPage || c.State != desk.CaseProving {
			return desk.Fail(desk.Conflict, "case_state", "this request waits for no code")
		}
		c.Contact, c.Conversation = 0, 0
		code, c.ProofHash, err = w.newCode(tx)
		return err
	})
	return code, err
}

// Appeal opens an appeal against a decided case, for who has its address. Errors:
// desk.NotFound, desk.Conflict case_state, appealed; desk.Invalid words.
func (w *Casework) Appeal(ctx context.Context, token, words string) (out Opened, err error) {
	f, err := w.ByToken(ctx, token)
	if err != nil {
		return out, err
	}
	if words = strings.TrimSpace(words); words == "" || len(words) > MaxCaseWords {
		return out, desk.Fail(desk.Invalid, "words", "say in at most 8000 bytes what is wrong with the decision")
	}
	err = w.DB.In(f.Workspace).Write(ctx, func(tx *store.Tx) error {
		was, err := lockCase(tx, f.Case.ID)
		if err != nil {
			return err
		}
		if was.State != desk.CaseAnswered && was.State != desk.CaseRefused || was.AppealOf != 0 || !desk.CaseKind(was.Kind).Right() {
			return desk.Fail(desk.Conflict, "case_state", "against this there is no appeal here, or its time is over")
		}
		if _, err := tx.AppealOf(was.ID); !desk.IsNotFound(err) {
			if err == nil {
				err = desk.Fail(desk.Conflict, "appealed", "there is an appeal against this already")
			}
			return err
		}
		mailed, err := address(&tx.Rx, was.ID)
		if err != nil {
			return err
		}
		out, err = w.OpenIn(tx, NewCase{Kind: desk.AskAppeal, Door: was.Door, Law: was.Law, Locale: was.Locale, Words: words, Address: mailed,
			Contact: was.Contact, Conversation: was.Conversation, appealOf: was.ID})
		return err
	})
	return out, err
}

// PersonWithdraws ends a case at the wish of who has its address.
func (w *Casework) PersonWithdraws(ctx context.Context, token string) error {
	f, err := w.ByToken(ctx, token)
	if err == nil {
		_, err = w.WithdrawCase(ctx, f.Workspace, f.Case.ID, desk.Actor{Kind: desk.BySystem, Name: "Parley"})
	}
	return err
}
