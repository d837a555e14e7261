package privacy

import (
	"context"
	"encoding/base64"
	"log/slog"
	"strconv"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// What a case may ask for.
const (
	Deauthorize = "deauthorize" // the person took this install's access to their accounts back
	Deletion    = "deletion"    // the person wants gone what is held of them
)

// What a case may match, the names of store.Case.Outcome.
const (
	MatchedAccounts      = "accounts"
	MatchedContacts      = "contacts"
	MatchedConversations = "conversations"
	MatchedMessages      = "messages"
)

const (
	// CaseTerm is within what time a case is to be done (A-9.1-02).
	CaseTerm = 24 * time.Hour
	// CaseKeep is for how long its status page can be read after it was done.
	CaseKeep = store.CaseTerm

	// CaseWork is the kind of work that carries a case out.
	CaseWork = "privacy"
)

// Accounts is what a case needs of the channel accounts that a person connected.
// The person is known by the id a provider gives them for this install's app.
type Accounts interface {
	// ConnectedBy counts the accounts that rest on a token issued by until, zero
	// = on any, by workspace.
	ConnectedBy(ctx context.Context, user string, until time.Time) (map[desk.ID]int, error)
	// Deauthorize destroys the tokens issued by until; it may be repeated.
	Deauthorize(ctx context.Context, user string, until time.Time) error
	// DisconnectAll disconnects them all; it may be repeated.
	DisconnectAll(ctx context.Context, user string) error
}

// Audit keeps who did what, in the caller's transaction.
type Audit interface {
	Add(tx *store.Tx, by desk.Actor, action string, object desk.ID) error
}

// CaseParts is what Cases is made of.
type CaseParts struct {
	DB       *store.DB
	Flow     *flow.Flow
	Eraser   *Eraser
	Accounts Accounts
	Audit    Audit
	// Identities are the kinds of identity that the id of a request may be.
	Identities []string
	Log        *slog.Logger
}

// Cases carries out what a provider passes on from a person.
type Cases struct{ CaseParts }

// NewCases makes it.
func NewCases(p CaseParts) *Cases {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Cases{p}
}

// Request is what a person asked a provider, and when.
type Request struct {
	Kind string // Deauthorize or Deletion
	User string // the person's id at the provider, for this install's app
	At   time.Time
}

// Open makes the case of a request durable and returns its secret code, by which
// the person can see what became of it. The same request has the same code, and
// is carried out once.
func (c *Cases) Open(ctx context.Context, q Request) (code string, err error) {
	if q.User == "" || q.At.IsZero() || q.Kind != Deauthorize && q.Kind != Deletion {
		return "", desk.Fail(desk.Invalid, "no_subject", "a request needs a kind, one person and its time")
	}
	// Derived and not drawn, so that a repeat needs nothing that was kept.
	sum, err := c.DB.Vault().Hash(ctx, 0, "privacy case/"+q.Kind, q.User+"/"+strconv.FormatInt(q.At.Unix(), 10))
	if err != nil {
		return "", err
	}
	code = base64.RawURLEncoding.EncodeToString(sum)
	return code, c.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		one := store.Case{ID: tx.NewID(), Kind: q.Kind, Subject: q.User, AskedAt: q.At, Due: tx.Now().Add(CaseTerm)}
		added, err := tx.AddCase(secret.Hash(code), one)
		if err != nil || !added {
			return err
		}
		return c.Flow.Add(tx, flow.Item{Kind: CaseWork, Key: one.ID, Object: one.ID})
	})
}

// Find returns the case of a code; desk.NotFound when there is none, or none any
// more.
func (c *Cases) Find(ctx context.Context, code string) (found store.Case, err error) {
	err = c.DB.In(0).Read(ctx, func(r *store.Rx) (err error) {
		found, err = r.CaseByCode(secret.Hash(code))
		return err
	})
	return found, err
}

// List pages through the cases that touched a workspace, newest first.
func (c *Cases) List(ctx context.Context, ws desk.ID, l store.CaseList) (all []store.Case, err error) {
	err = c.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		all, err = r.Cases(l)
		return err
	})
	return all, err
}

// Sweep forgets cases whose term is over.
func (c *Cases) Sweep(ctx context.Context) error {
	all, err := c.DB.Workspaces(ctx)
	for _, ws := range append(all, desk.Workspace{}) { // and the install's own
		if err == nil {
			err = c.DB.In(ws.ID).Write(ctx, func(tx *store.Tx) error {
				_, err := tx.DropCases(tx.Now().Add(-CaseKeep))
				return err
			})
		}
	}
	return err
}

// Handlers carries cases out.
func (c *Cases) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: CaseWork, Workers: 1, Timeout: 30 * time.Minute, Run: c.run}}
}

// run may begin anew after a crash: what it matched is counted once, before
// anything is done, and every step may be repeated.
func (c *Cases) run(ctx context.Context, j *flow.Job) error {
	install, id := c.DB.In(0), j.Items[0].Object
	var one store.Case
	err := install.Read(ctx, func(r *store.Rx) (err error) { one, err = r.Case(id); return err })
	if err != nil && !desk.IsNotFound(err) {
		return err
	}
	if err == nil && one.State == store.CaseReceived {
		if one, err = c.begin(ctx, j, one); err != nil {
			return err
		}
	}
	if one.ID != 0 && one.State != store.CaseDone {
		if err := c.carryOut(ctx, one); err != nil {
			return err
		}
	}
	if err := c.tell(ctx, id, one.ID != 0); err != nil {
		return err
	}
	err = install.Write(ctx, func(tx *store.Tx) error {
		if err := tx.EndCase(id); err != nil && !desk.IsNotFound(err) {
			return err
		}
		return j.Finish(tx)
	})
	if err == nil {
		c.Log.Info("a person's request was carried out", "case", id, "kind", one.Kind, "accounts", one.Outcome[MatchedAccounts], "contacts", one.Outcome[MatchedContacts])
	}
	return err
}

// begin counts what a case is about, tells the workspaces that it touches, and
// notes the whole before anything is done.
func (c *Cases) begin(ctx context.Context, j *flow.Job, one store.Case) (store.Case, error) {
	matched, err := c.match(ctx, Request{Kind: one.Kind, User: one.Subject, At: one.AskedAt})
	if err != nil {
		return one, err
	}
	name, err := c.nameIn(ctx, one.ID)
	if err != nil {
		return one, err
	}
	one.Outcome = map[string]int{}
	for ws, here := range matched {
		for what, n := range here {
			one.Outcome[what] += n
		}
		told := one
		told.Outcome = here
		if err := c.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return tx.NoteCase(name, told) }); err != nil {
			return one, err
		}
	}
	return one, c.DB.In(0).Write(ctx, func(tx *store.Tx) error { j.Check(tx); return tx.StartCase(one.ID, one.Outcome) })
}

// nameIn is what the workspaces know a case of the install by: nobody gets from
// there to its code.
func (c *Cases) nameIn(ctx context.Context, id desk.ID) ([]byte, error) {
	return c.DB.Vault().Hash(ctx, 0, "privacy case in a workspace", id.String())
}

// tell ends the case in the workspaces that were told of it.
func (c *Cases) tell(ctx context.Context, id desk.ID, there bool) error {
	if !there {
		return nil
	}
	name, err := c.nameIn(ctx, id)
	if err != nil {
		return err
	}
	all, err := c.DB.Workspaces(ctx)
	for _, ws := range all {
		if err != nil {
			break
		}
		err = c.DB.In(ws.ID).Write(ctx, func(tx *store.Tx) error { return tx.CaseOver(name) })
	}
	return err
}

// match counts what a case is about in each workspace; what is not there is not
// named.
func (c *Cases) match(ctx context.Context, q Request) (map[desk.ID]map[string]int, error) {
	found := map[desk.ID]map[string]int{}
	note := func(ws desk.ID, name string, n int) {
		if n == 0 {
			return
		}
		if found[ws] == nil {
			found[ws] = map[string]int{}
		}
		found[ws][name] += n
	}
	until := q.At
	if q.Kind == Deletion {
		until = time.Time{}
	}
	accounts, err := c.Accounts.ConnectedBy(ctx, q.User, until)
	for ws, n := range accounts {
		note(ws, MatchedAccounts, n)
	}
	if err != nil || q.Kind != Deletion {
		return found, err
	}
	return found, c.contacts(ctx, q.User, func(ws, contact desk.ID) error {
		held, err := c.Eraser.Preview(ctx, ws, contact)
		if desk.IsNotFound(err) {
			return nil
		}
		note(ws, MatchedContacts, 1)
		note(ws, MatchedConversations, held.Conversations)
		note(ws, MatchedMessages, held.Messages)
		return err
	})
}

func (c *Cases) carryOut(ctx context.Context, one store.Case) error {
	if one.Kind == Deauthorize {
		return c.Accounts.Deauthorize(ctx, one.Subject, one.AskedAt)
	}
	if err := c.Accounts.DisconnectAll(ctx, one.Subject); err != nil {
		return err
	}
	return c.contacts(ctx, one.Subject, func(ws, contact desk.ID) error {
		err := c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
			return c.Audit.Add(tx, desk.Actor{Kind: desk.BySystem, Name: "Parley"}, "contact.erase", contact)
		})
		if err == nil {
			_, err = c.Eraser.Erase(ctx, ws, contact)
		}
		if desk.IsNotFound(err) {
			return nil
		}
		return err
	})
}

// contacts names every contact who is known by an id, in every workspace.
func (c *Cases) contacts(ctx context.Context, user string, do func(ws, contact desk.ID) error) error {
	all, err := c.DB.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range all {
		for _, kind := range c.Identities {
			var known []desk.ID
			err := c.DB.In(ws.ID).Read(ctx, func(r *store.Rx) (err error) {
				known, err = r.KnownAs(desk.IdentityHint{Kind: kind, Value: user})
				return err
			})
			if err != nil {
				return err
			}
			for _, contact := range known {
				if err := do(ws.ID, contact); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
