package privacy

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/i18n"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// The ways in which a person asks.
const (
	DoorPage    = "page"    // the public page
	DoorChannel = "channel" // a message in a conversation
	DoorWidget  = "widget"  // the website chat's own form
	DoorMail    = "mail"
	DoorMember  = "member" // somebody of the business wrote down what they were told
	DoorApp     = "app"    // a member asks for themselves
)

// Ways in which a person is proved.
const (
	ProofChannel = "channel" // they asked in a conversation of theirs
	ProofCode    = "code"    // they sent the page's code from a conversation of theirs
	ProofMail    = "mail"    // they opened a link that was mailed to them
	ProofMember  = "member"  // somebody of the business checked it
)

// Bounds of what is written in a case, in bytes.
const (
	MaxCaseWords = 8000
	maxAddress   = 254
)

// SupportKeep is how long a question about the product is kept after it was
// closed; what people ask about their data is kept for CaseKeep.
const SupportKeep = store.QuestionTerm

// LetterBox queues letters to members.
type LetterBox interface {
	Queue(tx *store.Tx, l desk.Letter) error
}

// CaseworkParts is what Casework is made of. Post and Letters may be nil: nobody
// is mailed then.
type CaseworkParts struct {
	DB       *store.DB
	Keys     *store.KeyStore
	Flow     *flow.Flow
	Audit    Audit
	Eraser   *Eraser
	Restrict *Restrict
	Post     Post
	Letters  LetterBox
	// Home is the address people reach the install at, without a slash at its end.
	Home string
	Log  *slog.Logger
}

// Casework is what members do with what people ask, and what people see of it.
type Casework struct {
	CaseworkParts
}

// How often within store.AttemptTerm, counted for all processes together.
const (
	codeTries   = 5 // by one contact
	mailLetters = 3 // to one mail address that nobody proved
)

// NewCasework makes it.
func NewCasework(p CaseworkParts) *Casework {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Casework{CaseworkParts: p}
}

// NewCase is what somebody asks.
type NewCase struct {
	Kind         desk.CaseKind
	Door         string
	Law          string // "" = nobody knows
	Locale       string
	Words        string // in their own words; may be empty
	Address      string // where they are mailed; may be empty
	Agent        bool   // they ask for somebody else
	Contact      desk.ID
	Conversation desk.ID
	By           desk.Actor // who wrote it down or asks as a member; its zero value = the person
	appealOf     desk.ID
	silent       bool // their address was mailed too often today: it is not mailed of this
}

// Opened is a new case, with what only who asked is told.
type Opened struct {
	Case  store.Case
	Token string // of the address at which they follow it
	Code  string // to send from a conversation of theirs; "" = none
}

// Open begins a case; its clock runs from now. Errors: desk.Invalid kind, words or
// address.
func (w *Casework) Open(ctx context.Context, ws desk.ID, n NewCase) (out Opened, err error) {
	err = w.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) { out, err = w.OpenIn(tx, n); return err })
	return out, err
}

// OpenIn is Open in the caller's transaction.
func (w *Casework) OpenIn(tx *store.Tx, n NewCase) (out Opened, err error) {
	if err := n.check(); err != nil {
		return out, err
	}
	stand := desk.OpenCase(n.Kind, n.Law, tx.Now())
	c := store.Case{ID: tx.NewID(), Kind: string(n.Kind), AskedAt: tx.Now(), Opened: tx.Now(), Due: stand.Due, Door: n.Door, Law: stand.Law, Locale: n.Locale,
		Contact: n.Contact, Conversation: n.Conversation, Agent: n.Agent, AppealOf: n.appealOf, Outcome: map[string]int{}, Warned: farOff}
	hash, err := tx.CaseCodeHash(c.ID)
	if err != nil {
		return out, err
	}
	out.Token = caseToken(tx.Workspace(), c.ID, hash)
	first := desk.CaseAskProof
	switch {
	case !n.Kind.About(), n.Door == DoorWidget:
		first = desk.CaseProve
	case n.Door == DoorPage:
		if out.Code, c.ProofHash, err = w.newCode(tx); err != nil {
			return out, err
		}
	}
	if n.Door == DoorWidget {
		c.Proof = ProofChannel
	}
	if err := stand.Do(first, tx.Now()); err != nil {
		return out, err
	}
	take(&c, stand)
	if err := tx.AddPersonCase(secret.Hash(out.Token), c); err != nil {
		return out, err
	}
	if err := w.freeze(tx, c); err != nil {
		return out, err
	}
	out.Case = c
	for kind, body := range map[string]string{store.CaseAsked: n.Words, store.CaseAddress: n.mailed()} {
		if err := tx.AddCaseText(&store.CaseText{Case: c.ID, Kind: kind, Author: n.By.ID, Body: text.Normalise(body, MaxCaseWords)}); err != nil {
			return out, err
		}
	}
	letter := "received"
	if c.State == desk.CaseProving && n.mailed() != "" && (n.Door == DoorMail || n.Door == DoorPage) {
		letter = "prove"
	}
	if err := w.write(tx, c, letter, nil); err != nil {
		return out, err
	}
	return out, w.Audit.Add(tx, n.actor(), "case.open", c.ID)
}

// check refuses what no case is made of, and normalises what is.
func (n *NewCase) check() error {
	if !slices.Contains(desk.CaseKinds(), n.Kind) {
		return desk.Fail(desk.Invalid, "kind", "there is no such kind of request")
	}
	if !i18n.Known(n.Locale) {
		n.Locale = i18n.Fallback
	}
	n.Words, n.Address = strings.TrimSpace(n.Words), strings.TrimSpace(n.Address)
	switch {
	case len(n.Words) > MaxCaseWords:
		return desk.Fail(desk.Invalid, "words", "write at most 8000 bytes")
	case !n.Kind.Right() && n.Words == "":
		return desk.Fail(desk.Invalid, "words", "say what the question is")
	case n.Address != "" && !addressForm(n.Address):
		return desk.Fail(desk.Invalid, "address", "this is not a mail address")
	}
	return nil
}

// mailed is where the person is mailed.
func (n *NewCase) mailed() string {
	if n.silent {
		return ""
	}
	return n.Address
}

func (n *NewCase) actor() desk.Actor {
	if n.By.Kind != "" {
		return n.By
	}
	return desk.Actor{Kind: desk.BySystem, Name: "Parley"}
}

// addressForm reports whether a string can be one plain mail address: whoever
// reads it as a list, a header or a name reads the same.
func addressForm(s string) bool {
	name, host, ok := strings.Cut(s, "@")
	return ok && len(s) <= maxAddress && name != "" && strings.Contains(host, ".") && !strings.ContainsAny(s, " \t\r\n\x00<>()[],;:\\\"") &&
		!strings.Contains(host, "@") && !strings.HasPrefix(host, ".") && !strings.HasSuffix(host, ".")
}

// farOff is the warning of a case whose end is not near.
const farOff = 99

// standing is where a case stands; take puts it back, with when the clock comes
// next.
func standing(c store.Case) desk.CaseStand {
	return desk.CaseStand{Kind: desk.CaseKind(c.Kind), State: c.State, Law: c.Law, Agent: c.Agent, Checked: c.AgentChecked, Proved: c.Proof != "",
		Asked: c.AskedAt, Due: c.Due, Extended: c.Extended, Decided: c.Decided, Decision: c.Decision, Closed: c.Done}
}

func take(c *store.Case, s desk.CaseStand) {
	c.State, c.Law, c.Due, c.Extended, c.Decided, c.Decision, c.Done = s.State, s.Law, s.Due, s.Extended, s.Decided, s.Decision, s.Closed
	_, c.Next = s.Deadline()
	if !s.State.Waits() {
		c.ProofHash = nil
		return
	}
	for _, days := range desk.CaseWarnings() {
		if at := s.Due.Add(-time.Duration(days) * 24 * time.Hour); days < c.Warned && (c.Next.IsZero() || at.Before(c.Next)) {
			c.Next = at
		}
	}
}

// caseAct is an act on a case: where, which, by whom, and its name in the audit log.
type caseAct struct {
	ws, id desk.ID
	by     desk.Actor
	name   string
}

// change locks a case of a person, lets do change it and keeps it with its audit
// entry. Errors: desk.NotFound for any other case.
func (w *Casework) change(ctx context.Context, x caseAct, do func(*store.Tx, *store.Case) error) (c store.Case, err error) {
	err = w.DB.In(x.ws).Write(ctx, func(tx *store.Tx) (err error) {
		if c, err = lockCase(tx, x.id); err != nil {
			return err
		}
		if err := do(tx, &c); err != nil {
			return err
		}
		if err := tx.SaveCase(c); err != nil {
			return err
		}
		return w.Audit.Add(tx, x.by, x.name, x.id)
	})
	return c, err
}

func lockCase(tx *store.Tx, id desk.ID) (store.Case, error) {
	c, err := tx.LockCase(id)
	if err == nil && c.Door == doorProvider {
		return c, desk.Fail(desk.NotFound, "case_not_found", "there is no such case of a person")
	}
	return c, err
}

// doorProvider is the door of cases that a machine carries out.
const doorProvider = "provider"

// Found is a case with all that was said in it.
type Found struct {
	Workspace desk.ID
	Case      store.Case
	Texts     []store.CaseText
	Token     string
}

// Get returns a case of the workspace.
func (w *Casework) Get(ctx context.Context, ws, id desk.ID) (f Found, err error) {
	f.Workspace = ws
	err = w.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		if f.Case, err = r.Case(id); err != nil {
			return err
		}
		hash, err := r.CaseCodeHash(id)
		if err != nil {
			return err
		}
		f.Token = caseToken(ws, id, hash)
		f.Texts, err = r.CaseTexts(id)
		return err
	})
	return f, err
}

// ByToken finds the case that the address of its page names: desk.NotFound for
// whatever else, told alike.
func (w *Casework) ByToken(ctx context.Context, token string) (Found, error) {
	gone := desk.Fail(desk.NotFound, "case_not_found", "there is no such case")
	ws, id, ok := readToken(token)
	if !ok {
		return Found{}, gone
	}
	f, err := w.Get(ctx, ws, id)
	if err != nil {
		return Found{}, gone
	}
	if f.Case.Door == doorProvider || !secret.Equal(f.Token, token) {
		return Found{}, gone
	}
	return f, nil
}

// OpenedByPage is a case of the public page.
type OpenedByPage struct {
	Opened
	Mailed bool // a link goes to the address, if that address is not mailed too often
}

// OpenByPage is Open for who is nobody yet: an address that was mailed three times
// within a day is not mailed again, and who asks is told the same.
func (w *Casework) OpenByPage(ctx context.Context, ws desk.ID, n NewCase) (out OpenedByPage, err error) {
	out.Mailed = n.Address != "" && w.Post != nil && w.Post.On()
	if n.Address != "" {
		// Of the whole install: an address is not mailed more often because it is given to several businesses.
		err := w.DB.In(0).Write(ctx, func(tx *store.Tx) error {
			ok, err := tx.Attempt("mail to who asks", strings.ToLower(strings.TrimSpace(n.Address)), mailLetters)
			n.silent = !ok
			return err
		})
		if err != nil {
			return out, err
		}
	}
	out.Opened, err = w.Open(ctx, ws, n)
	return out, err
}
