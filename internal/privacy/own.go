package privacy

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// What somebody does with what is held about themselves.
const (
	// OwnLinkTerm is for how long the link opens, once.
	OwnLinkTerm = 10 * time.Minute
	// OwnTerm is for how long the page behind it can be used.
	OwnTerm = 30 * time.Minute
	// OwnWork is the kind of work that answers a request for a copy once it is made.
	OwnWork = "own_copy"

	ownVisits  = 30 // a day
	ownActs    = 20 // a day
	ownAnswers = 20 // of the AI that are shown
	ownCases   = 20
)

// OwnParts is what Own needs.
type OwnParts struct {
	DB       *store.DB
	Casework *Casework
	Copies   *Copies
	Restrict *Restrict
	Reports  *Reports
}

// Own lets a person see what is held about them and act on it, without anybody of
// the business between where the law leaves no choice.
type Own struct{ OwnParts }

// NewOwn makes it.
func NewOwn(p OwnParts) *Own { return &Own{p} }

// OwnVisit is somebody who was proved and looks at what is their own.
type OwnVisit struct {
	Workspace    desk.ID
	Contact      desk.ID
	Conversation desk.ID
	Pass         string // what the page's forms carry
}

// Link makes the address by which a contact sees what is held about them: it opens
// once. The caller proved who asks. Errors: desk.NotFound, desk.TooMany.
func (o *Own) Link(ctx context.Context, ws, contact, conversation desk.ID) (token string, err error) {
	proof := secret.Random(tokenProof)
	v := store.OwnVisit{Contact: contact, Conversation: conversation, Link: secret.Hash(string(proof)), Ends: o.DB.Clock().Now().Add(OwnLinkTerm)}
	err = o.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Contact(contact); err != nil {
			return err
		}
		if ok, err := tx.AttemptBy("own visit", contact, ownVisits); err != nil || !ok {
			return tooOften(err)
		}
		return tx.AddOwnVisit(&v)
	})
	return caseToken(ws, v.ID, proof), err
}

// LinkOfCase is Link for who has the address of a case of theirs that was proved
// by a conversation of theirs; desk.NotFound for any other.
func (o *Own) LinkOfCase(ctx context.Context, token string) (string, error) {
	f, err := o.Casework.ByToken(ctx, token)
	if err != nil {
		return "", err
	}
	if !OwnByCase(f) {
		return "", ownGone()
	}
	return o.Link(ctx, f.Workspace, f.Case.Contact, f.Case.Conversation)
}

// OwnByCase reports whether the address of a case leads to what is held about its
// person: they proved it by a conversation of theirs, and the case is not closed.
func OwnByCase(f Found) bool {
	return f.Workspace != 0 && f.Case.Contact != 0 && !f.Case.Agent && (f.Case.Proof == ProofChannel || f.Case.Proof == ProofCode) && f.Case.State != desk.CaseClosed
}

func ownGone() error {
	return desk.Fail(desk.NotFound, "own_visit_not_found", "this way is over, was gone before, or is none")
}

func tooOften(err error) error {
	if err == nil {
		err = desk.Fail(desk.TooMany, "too_many_requests", "this was asked too often today; try again tomorrow")
	}
	return err
}

// Enter opens a link, once: desk.NotFound for whoever comes second, and for
// whatever else.
func (o *Own) Enter(ctx context.Context, token string) (OwnVisit, error) {
	ws, id, proof, ok := readOwn(token)
	if !ok || ws == 0 {
		return OwnVisit{}, ownGone()
	}
	pass := secret.Random(tokenProof)
	out := OwnVisit{Workspace: ws, Pass: caseToken(ws, id, pass)}
	err := o.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		right := func(v store.OwnVisit) bool { return secret.Equal(v.Link, secret.Hash(string(proof))) }
		v, err := tx.EnterOwnVisit(id, right, secret.Hash(string(pass)), tx.Now().Add(OwnTerm))
		out.Contact, out.Conversation = v.Contact, v.Conversation
		return err
	})
	if err != nil {
		return OwnVisit{}, goneOr(err)
	}
	return out, nil
}

// At returns the visit whose forms carry a pass; desk.NotFound else.
func (o *Own) At(ctx context.Context, pass string) (OwnVisit, error) {
	ws, id, proof, ok := readOwn(pass)
	if !ok || ws == 0 {
		return OwnVisit{}, ownGone()
	}
	var v store.OwnVisit
	err := o.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { v, err = r.OwnVisit(id); return err })
	if err != nil {
		return OwnVisit{}, goneOr(err)
	}
	if len(v.Pass) == 0 || !o.DB.Clock().Now().Before(v.Ends) || !secret.Equal(v.Pass, secret.Hash(string(proof))) {
		return OwnVisit{}, ownGone()
	}
	return OwnVisit{Workspace: ws, Contact: v.Contact, Conversation: v.Conversation, Pass: pass}, nil
}

// goneOr tells alike whatever does not lead anywhere, a workspace that is not there
// as well.
func goneOr(err error) error {
	if desk.IsNotFound(err) {
		return ownGone()
	}
	return err
}

func readOwn(token string) (ws, id desk.ID, proof []byte, ok bool) {
	if ws, id, ok = readToken(token); !ok {
		return 0, 0, nil, false
	}
	b, err := base64.RawURLEncoding.DecodeString(token)
	return ws, id, b[2*binary.Size(uint64(0)):], err == nil
}

// OwnShown is what a person sees about themselves. It is what one contact of theirs
// shows: who wrote by another channel as well proves that there.
type OwnShown struct {
	Business string
	Contact  desk.Contact
	Joined   bool // a member said that other contacts are the same person
	Held     store.Holdings
	Told     []store.Disclosed
	Cases    []Found // newest first
	Answers  []OwnAnswer
	Disputes []store.Statement
	EraseAt  time.Time // of a chat that is not kept
}

// OwnAnswer is something that the AI told them, with how it came about.
type OwnAnswer struct {
	Message  desk.Message
	Run      desk.Run // its zero value = the record is gone
	Reported bool
}

// Show gathers what a visit sees. Errors: desk.NotFound once the contact is gone.
func (o *Own) Show(ctx context.Context, v OwnVisit) (s OwnShown, err error) {
	err = o.DB.In(v.Workspace).Read(ctx, func(r *store.Rx) error {
		s = OwnShown{}
		ws, err := r.Settings()
		if err != nil {
			return err
		}
		s.Business = ws.Name
		same, err := r.Person(v.Contact)
		if err != nil {
			return err
		}
		s.Joined = len(same) > 1
		if s.Contact, err = r.Contact(v.Contact); err != nil {
			return err
		}
		if s.Held, err = r.Holdings(v.Contact); err != nil {
			return err
		}
		if s.Told, err = disclosed(r, []desk.Contact{s.Contact}, o.DB.Clock().Now()); err != nil {
			return err
		}
		if s.Disputes, err = r.Statements(v.Contact); err != nil {
			return err
		}
		if err := o.cases(r, v, &s); err != nil {
			return err
		}
		return o.answers(r, v.Contact, &s)
	})
	return s, goneOr(err)
}

func (o *Own) cases(r *store.Rx, v OwnVisit, s *OwnShown) error {
	all, err := r.CasesAbout(v.Contact, ownCases)
	for _, c := range all {
		if err != nil {
			return err
		}
		// What somebody of the business wrote down, or a provider passed on, was not asked by this person here.
		if !OwnByCase(Found{Workspace: v.Workspace, Case: c}) {
			continue
		}
		var hash []byte
		hash, err = r.CaseCodeHash(c.ID)
		if err == nil {
			s.Cases = append(s.Cases, Found{Workspace: v.Workspace, Case: c, Token: caseToken(v.Workspace, c.ID, hash)})
		}
	}
	return err
}

// answers are the newest words of the AI that reached the person.
func (o *Own) answers(r *store.Rx, contact desk.ID, s *OwnShown) error {
	threads, err := r.ConversationsWith(contact, 5)
	if err != nil {
		return err
	}
	for _, c := range threads {
		if s.EraseAt.IsZero() {
			s.EraseAt = c.EraseAt
		}
		lines, err := r.MessagesBefore(c.ID, 0, 100)
		if err != nil {
			return err
		}
		for _, m := range lines {
			if len(s.Answers) == ownAnswers {
				return nil
			}
			if !toldByAI(m) {
				continue
			}
			one := OwnAnswer{Message: m}
			if one.Run, err = r.Run(m.Run); err != nil && !desk.IsNotFound(err) {
				return err
			}
			_, err := r.ReportBy(m.ID, "contact", contact)
			if one.Reported = err == nil; err != nil && !desk.IsNotFound(err) {
				return err
			}
			s.Answers = append(s.Answers, one)
		}
	}
	return nil
}

func toldByAI(m desk.Message) bool {
	return m.Author.Kind == desk.FromAI && m.Direction == desk.Out && !m.Deleted && m.Kind != desk.KindNote &&
		slices.Contains([]desk.Status{desk.StatusSent, desk.StatusDelivered, desk.StatusRead}, m.Status)
}

// Handlers answers requests for a copy.
func (o *Own) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: OwnWork, Workers: 1, Timeout: time.Minute, Run: o.copied}}
}
