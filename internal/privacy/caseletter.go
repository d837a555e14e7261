package privacy

import (
	"cmp"
	"context"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/i18n"
	"parley/internal/store"
)

// LetterWork is the kind of work that mails a person one letter of their case, in
// a lane of its own.
const LetterWork = "case_letter"

// PersonMail is one mail to somebody who asked.
type PersonMail struct {
	ID, To, Locale string
	Subject        string
	Lines          []string
	Button, Link   string
	Foot           string // why they get it; "" = because they asked
	Stop, Stops    string // link that ends such mails, and its words; "" = they come once
}

// Post mails people who asked.
type Post interface {
	On() bool
	// Person hands a mail over; code is why it was not taken, "" = it was, and
	// final that asking again does not help.
	Person(ctx context.Context, m PersonMail) (code string, final bool)
}

// CaseNumber is what people call a case by.
func CaseNumber(id desk.ID) string { return id.String() }

// Day is a day as letters say it.
func Day(t time.Time) string { return t.UTC().Format("2006-01-02") }

// write adds a letter to a case in the person's language, and has it mailed where
// they can be. more fills further places of its words.
func (w *Casework) write(tx *store.Tx, c store.Case, letter string, more map[string]string) error {
	ws, err := businessOf(tx, tx.Workspace())
	if err != nil {
		return err
	}
	args := map[string]string{"number": CaseNumber(c.ID), "asked": AskedWords(c.Locale, c.Kind), "due": Day(c.Due), "business": cmp.Or(ws, "Parley"), "text": "",
		"until": Day(c.Decided.Add(desk.AppealTerm))}
	if c.Reason != "" {
		args["reason"] = i18n.T(c.Locale, "case.reason."+c.Reason, nil)
	}
	for name, value := range more {
		args[name] = value
	}
	parts := []string{i18n.T(c.Locale, "case.letter."+letter, args)}
	if args["text"] != "" && letter != "message" {
		parts = append(parts, args["text"])
	}
	if args["copy_ends"] != "" {
		parts = append(parts, i18n.T(c.Locale, "case.letter.copy", args))
	}
	right := desk.CaseKind(c.Kind).Right()
	if right && (letter == "refused" || letter == "answered") && c.AppealOf == 0 {
		parts = append(parts, i18n.T(c.Locale, "case.letter.appeal", args))
	}
	if right && (letter == "refused" || letter == "answered" || letter == "extended" || letter == "unanswered") {
		parts = append(parts, Complain(c.Locale, c.Law))
	}
	x := store.CaseText{Case: c.ID, Kind: store.CaseLetter, Letter: letter, Body: strings.Join(parts, "\n\n")}
	to, err := address(&tx.Rx, c.ID)
	if err != nil {
		return err
	}
	if to != "" && w.Post != nil && w.Post.On() {
		x.Mail = mailWaiting
	}
	if err := tx.AddCaseText(&x); err != nil || x.Mail == "" {
		return err
	}
	return w.Flow.Add(tx, flow.Item{Kind: LetterWork, Key: x.ID, Object: x.ID})
}

const mailWaiting = "waiting"

// AskedWords says what a case asks.
func AskedWords(locale, kind string) string { return i18n.T(locale, "case.asked."+kind, nil) }

// Complain says to whom a person may complain, by the law of their case (H-88).
func Complain(locale, law string) string {
	l, _ := desk.LawOf(law)
	words := i18n.T(locale, "case.authority."+l.Name, nil)
	if l.Site != "" {
		words += " " + l.Site
	}
	return words
}

func businessOf(r *store.Tx, ws desk.ID) (string, error) {
	if ws == 0 {
		return "", nil
	}
	set, err := r.Settings()
	return set.Name, err
}

func address(r *store.Rx, id desk.ID) (string, error) {
	all, err := r.CaseTexts(id)
	for _, x := range all {
		if x.Kind == store.CaseAddress {
			return x.Body, err
		}
	}
	return "", err
}

// CaseHandlers lists the work of cases.
func (w *Casework) CaseHandlers() []flow.Handler {
	return []flow.Handler{{Kind: LetterWork, Workers: 2, Timeout: 2 * time.Minute, Run: w.mail}}
}

// How long mailing a letter is tried, and how long one rests after a failure.
const (
	mailTerm  = 72 * time.Hour
	firstRest = 15 * time.Second
	longRest  = time.Hour
)

func (w *Casework) mail(ctx context.Context, j *flow.Job) error {
	it := j.Items[0]
	h := w.DB.In(it.Workspace)
	m, x, err := w.compose(ctx, it.Workspace, it.Object)
	if desk.IsNotFound(err) {
		return h.Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
	}
	if err != nil {
		return err
	}
	end := func(state string) error {
		return h.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			if err := tx.SetCaseMail(x.ID, state); err != nil && !desk.IsNotFound(err) {
				return err
			}
			return j.Finish(tx)
		})
	}
	if m.To == "" {
		return end("failed")
	}
	code, final := w.Post.Person(ctx, m)
	age := w.DB.Clock().Now().Sub(x.At)
	switch {
	case code == "":
		return end("sent")
	case final || age >= mailTerm:
		w.Log.WarnContext(ctx, "a person could not be mailed", "workspace", it.Workspace, "case", x.Case, "code", code)
		return end("failed")
	}
	return h.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		return j.Later(tx, it, tx.Now().Add(min(max(age, firstRest), longRest)))
	})
}

// compose makes the mail of a letter: where it waits, and what it says where that
// is the answer to a question and nobody's data.
func (w *Casework) compose(ctx context.Context, ws, letter desk.ID) (m PersonMail, x store.CaseText, err error) {
	var c store.Case
	var business string
	err = w.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		if x, err = r.CaseText(letter); err != nil {
			return err
		}
		if c, err = r.Case(x.Case); err != nil {
			return err
		}
		if ws != 0 {
			set, err := r.Settings()
			if err != nil {
				return err
			}
			business = set.Name
		}
		m.To, err = address(r, c.ID)
		return err
	})
	if err != nil {
		return m, x, err
	}
	args := map[string]string{"number": CaseNumber(c.ID), "business": cmp.Or(business, "Parley"), "due": Day(c.Due), "asked": AskedWords(c.Locale, c.Kind)}
	say := func(part string) string { return i18n.T(c.Locale, "case.mail."+part, args) }
	m.ID, m.Locale, m.Subject = x.ID.String(), c.Locale, say("subject")
	hash, err := w.statusHash(ctx, ws, c.ID)
	if err != nil {
		return m, x, err
	}
	switch {
	case x.Letter == "prove":
		m.Lines, m.Button = strings.Split(say("prove"), "\n"), say("prove_button")
		token, err := w.proofToken(ctx, ws, c.ID)
		m.Link = w.Home + "/privacy/prove/" + token
		return m, x, err
	case !desk.CaseKind(c.Kind).Right():
		m.Lines = strings.Split(x.Body, "\n")
	default:
		m.Lines = strings.Split(say("waits"), "\n")
	}
	m.Button, m.Link = say("button"), w.Home+"/privacy/status/"+caseToken(ws, c.ID, hash)
	return m, x, nil
}

func (w *Casework) statusHash(ctx context.Context, ws, id desk.ID) (hash []byte, err error) {
	err = w.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { hash, err = r.CaseCodeHash(id); return err })
	return hash, err
}
