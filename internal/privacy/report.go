package privacy

import (
	"context"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Automated is a case about a decision that no person took: an answer of the AI
// that somebody reported (A-7.4-07).
const Automated = "automated_decision"

// ReportTerm is within what time a report is to be looked at.
const ReportTerm = 30 * 24 * time.Hour

// Outcomes of a report.
const (
	Corrected = "corrected"
	Rejected  = "rejected"
)

// Reasons lists what may be wrong with an answer.
func Reasons() []string { return []string{"wrong", "biased", "harmful", "other"} }

const maxNote = 1000 // bytes

// Sayings makes a phrase one that the AI never says; it is the app's.
type Sayings interface {
	NeverSay(tx *store.Tx, by desk.Actor, phrase string) error
}

// Reports takes in what people say is wrong with an answer of the AI.
type Reports struct {
	DB      *store.DB
	Flow    *flow.Flow
	Audit   Audit
	Sayings Sayings
}

// NewReport is a report of one answer.
type NewReport struct {
	Message desk.ID
	Reason  string
	Note    string
	By      desk.Actor // a member or key; unused when Contact is set
	Contact desk.ID    // of the website chat; only their own conversation is theirs to report
}

// Add opens a case about an answer of the AI, once for each who reports it.
// Errors: desk.NotFound, desk.Invalid not_ai or reason.
func (p *Reports) Add(ctx context.Context, ws desk.ID, n NewReport) (out store.AIReport, err error) {
	if !slices.Contains(Reasons(), n.Reason) {
		return out, desk.Fail(desk.Invalid, "reason", "an answer is wrong, biased, harmful or something other")
	}
	err = p.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		m, err := tx.Message(n.Message)
		if err != nil {
			return err
		}
		c, err := tx.Conversation(m.Conversation)
		if err != nil {
			return err
		}
		if n.Contact != 0 && n.Contact != c.Contact {
			return desk.Fail(desk.NotFound, "message_not_found", "there is no such message")
		}
		if m.Author.Kind != desk.FromAI || m.Direction != desk.Out {
			return desk.Fail(desk.Invalid, "not_ai", "only an answer of the AI can be reported")
		}
		kind, by := string(n.By.Kind), n.By.ID
		if n.Contact != 0 {
			kind, by = "contact", n.Contact
		}
		if out, err = tx.ReportBy(m.ID, kind, by); err == nil || !desk.IsNotFound(err) {
			return err
		}
		out = store.AIReport{Case: tx.NewID(), Contact: c.Contact, Conversation: c.ID, Message: m.ID, Run: m.Run, Reason: n.Reason,
			ByKind: kind, By: by, Note: text.Normalise(n.Note, maxNote)}
		return p.open(tx, n, &out)
	})
	return out, err
}

func (p *Reports) open(tx *store.Tx, n NewReport, out *store.AIReport) error {
	one := store.Case{ID: out.Case, Kind: Automated, AskedAt: tx.Now(), Due: tx.Now().Add(ReportTerm)}
	if _, err := tx.AddCase(secret.Hash("report of an answer "+out.Case.String()), one); err != nil {
		return err
	}
	if err := tx.StartCase(out.Case, map[string]int{out.Reason: 1}); err != nil {
		return err
	}
	if err := tx.InsertReport(out); err != nil {
		return err
	}
	by := n.By
	if n.Contact != 0 {
		by = desk.Actor{Kind: desk.BySystem, Name: "Parley"}
	}
	return p.Audit.Add(tx, by, "ai.report", out.Case)
}

// Decided is what becomes of a report.
type Decided struct {
	Outcome  string // Corrected, Rejected
	NeverSay string // a phrase that the AI never says again; "" = none
	By       desk.Actor
}

// Close ends a case about an answer. Errors: desk.NotFound, desk.Conflict
// case_done, desk.Invalid as the AI's settings.
func (p *Reports) Close(ctx context.Context, ws, id desk.ID, d Decided) (out store.Case, err error) {
	err = p.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		one, err := tx.LockCase(id)
		if err != nil {
			return err
		}
		switch {
		case one.Kind != Automated:
			return desk.Fail(desk.NotFound, "case_not_found", "there is no such case about an answer")
		case one.State == store.CaseDone:
			return desk.Fail(desk.Conflict, "case_done", "this case is closed already")
		}
		if d.NeverSay != "" {
			if err := p.Sayings.NeverSay(tx, d.By, d.NeverSay); err != nil {
				return err
			}
		}
		if err := tx.CloseReport(id, d.Outcome); err != nil {
			return err
		}
		if err := p.Audit.Add(tx, d.By, "ai.report_"+d.Outcome, id); err != nil {
			return err
		}
		out, err = tx.Case(id)
		return err
	})
	return out, err
}
