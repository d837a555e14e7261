package member

import (
	"context"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"
	"golang.org/x/text/unicode/norm"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/kit/text"
	"parley/internal/member/oidc"
	"parley/internal/store"
)

// Config is what a Roster is made of.
type Config struct {
	Store *store.DB
	Clock clock.Clock
	Cost  int            // of bcrypt; 0 = 12
	New   desk.Workspace // mode and burst of a new workspace; zero = draft, 3 s
	Audit Audit          // nil = no record is kept
	Flow  *flow.Flow     // work of this package; needed with Letters
	// Letters sends mails to members; nil = none are sent.
	Letters Letters
	// Demand is of whom this install demands a second factor, whatever a
	// workspace says; "" = of nobody.
	Demand desk.Demand
	// Outside asks account providers; nil = there are none.
	Outside *oidc.Outside
	// Leaving keeps who leaves; nil = a crash in between leaves their key.
	Leaving Departures
	// Places tells city and country of an address; nil = nobody knows.
	Places Places
	// Home is the address people reach the install at; passkeys belong to its host.
	Home string
}

// Places tells where a network address is, "" where it is not known.
type Places interface {
	Place(address string) string
}

// Audit keeps the record of who did what.
type Audit interface {
	// Add records an act in the transaction that does it. object is the member,
	// session or key.
	Add(tx *store.Tx, actor desk.Actor, action string, object desk.ID) error
	// Put records one with a reason in words.
	Put(tx *store.Tx, n audit.Note) error
}

// Roster is everybody who may act in this install. Its methods may be called at
// once from many goroutines.
type Roster struct {
	db    *store.DB
	clk   clock.Clock
	hash  *hasher
	guess guards
	fresh desk.Workspace
	audit Audit

	flow    *flow.Flow
	letters Letters
	demand  desk.Demand
	outside *oidc.Outside
	leaving Departures
	places  Places
	// passkeys is how browsers know this install; nil = it has no name for them.
	passkeys *webauthn.WebAuthn
}

// Open makes a Roster on a store.
func Open(cfg Config) *Roster {
	if cfg.Cost == 0 {
		cfg.Cost = defaultCost
	}
	if cfg.New.Mode == desk.ModeInherit {
		cfg.New.Mode = desk.ModeDraft
	}
	if cfg.New.Burst == 0 {
		cfg.New.Burst = 3 * time.Second
	}
	keys, err := relying(cfg.Home)
	if err != nil {
		keys = nil
	}
	return &Roster{db: cfg.Store, clk: cfg.Clock, hash: newHasher(cfg.Store.Vault(), cfg.Cost), guess: newGuards(cfg.Clock),
		fresh: cfg.New, audit: cfg.Audit, flow: cfg.Flow, letters: cfg.Letters, demand: cfg.Demand, outside: cfg.Outside, leaving: cfg.Leaving, places: cfg.Places, passkeys: keys}
}

func (r *Roster) record(tx *store.Tx, by desk.Actor, action string, object desk.ID) error {
	if r.audit == nil {
		return nil
	}
	return r.audit.Add(tx, by, action, object)
}

// Person is somebody to be added.
type Person struct {
	Name     string
	Email    string
	Role     desk.Role
	Locale   string // "" = the workspace's
	Password string
	invited  bool // they choose their password behind a mailed link
}

// Limits of what people call themselves and their business, in bytes.
const (
	maxName  = 200
	maxEmail = 254
)

// Email brings an e-mail address into the one form it is looked up by:
// surrounding blanks gone, NFC, lower case.
func Email(s string) string { return strings.ToLower(norm.NFC.String(strings.TrimSpace(s))) }

// check cleans a person and says what is wrong; of is the business's name,
// which a password must not be.
func (p *Person) check(of string) error {
	p.Name, p.Email = text.Normalise(p.Name, maxName), Email(p.Email)
	switch {
	case p.Name == "":
		return desk.Fail(desk.Invalid, "name_missing", "a member needs a name")
	case !validEmail(p.Email):
		return desk.Fail(desk.Invalid, "email_invalid", "this is not an e-mail address")
	case !desk.ValidRole(p.Role):
		return desk.Fail(desk.Invalid, "role_unknown", "the roles are owner, admin, agent, analyst, billing, privacy and operator")
	case p.Locale != "" && !validLocale(p.Locale):
		return desk.Fail(desk.Invalid, "locale_invalid", "a locale looks like en or tr")
	}
	if p.Password == "" && p.invited {
		return nil
	}
	return checkPassword(p.Password, of, p.Name, p.Email)
}

func validEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || len(s) > maxEmail || strings.Contains(domain, "@") || domain == "" {
		return false
	}
	if strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") || strings.Contains(domain, "..") {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`<>,;:"()[]\`, r) }) < 0
}

func validLocale(s string) bool {
	if len(s) < 2 || len(s) > 10 {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
	}) < 0
}

// Add adds a person to the workspace of that name and makes the workspace when
// there is none. A name that several workspaces have is desk.Conflict.
func (r *Roster) Add(ctx context.Context, workspace string, p Person) (desk.Workspace, desk.Member, error) {
	name := text.Normalise(workspace, maxName)
	if name == "" {
		return desk.Workspace{}, desk.Member{}, desk.Fail(desk.Invalid, "workspace_missing", "name the workspace")
	}
	if err := p.check(name); err != nil {
		return desk.Workspace{}, desk.Member{}, err
	}
	h, made, err := r.handle(ctx, name)
	if err != nil {
		return desk.Workspace{}, desk.Member{}, err
	}
	hash, err := r.hash.make(ctx, p.Password)
	if err != nil {
		return desk.Workspace{}, desk.Member{}, err
	}
	var ws desk.Workspace
	var m desk.Member
	err = h.Write(ctx, func(tx *store.Tx) (err error) {
		if made {
			if err := r.newWorkspace(tx, name, p.Locale); err != nil {
				return err
			}
		}
		if ws, err = tx.Settings(); err != nil {
			return err
		}
		m, err = r.insert(tx, p, hash, desk.Actor{Kind: desk.BySystem})
		return err
	})
	return ws, m, exists(err)
}

// Find returns the workspace of that name.
func (r *Roster) Find(ctx context.Context, name string) (desk.Workspace, error) {
	var ws desk.Workspace
	h, missing, err := r.handle(ctx, text.Normalise(name, maxName))
	if err == nil && missing {
		err = desk.Fail(desk.NotFound, "workspace_not_found", "no workspace is called "+name)
	}
	if err != nil {
		return ws, err
	}
	return ws, h.Read(ctx, func(rx *store.Rx) (err error) {
		ws, err = rx.Settings()
		return err
	})
}

// Workspace finds the workspace of that name and makes it when there is none.
func (r *Roster) Workspace(ctx context.Context, name string) (desk.Workspace, error) {
	name = text.Normalise(name, maxName)
	if name == "" {
		return desk.Workspace{}, desk.Fail(desk.Invalid, "workspace_missing", "name the workspace")
	}
	h, made, err := r.handle(ctx, name)
	if err != nil {
		return desk.Workspace{}, err
	}
	var ws desk.Workspace
	err = h.Write(ctx, func(tx *store.Tx) (err error) {
		if made {
			if err := r.newWorkspace(tx, name, ""); err != nil {
				return err
			}
		}
		ws, err = tx.Settings()
		return err
	})
	return ws, err
}

func (r *Roster) handle(ctx context.Context, name string) (h store.Handle, made bool, err error) {
	same, err := r.db.WorkspacesNamed(ctx, name)
	switch {
	case err != nil:
		return h, false, err
	case len(same) > 1:
		return h, false, desk.Fail(desk.Conflict, "workspace_ambiguous", "several workspaces have this name; rename one")
	case len(same) == 1:
		return r.db.In(same[0].ID), false, nil
	}
	return r.db.In(r.db.NewID()), true, nil
}

func (r *Roster) newWorkspace(tx *store.Tx, name, locale string) error {
	ws := r.fresh
	ws.ID, ws.Name, ws.Locale = tx.Workspace(), name, locale
	if locale == "" {
		ws.Locale = "en"
	}
	return tx.InsertWorkspace(ws)
}

func (r *Roster) insert(tx *store.Tx, p Person, hash []byte, by desk.Actor) (desk.Member, error) {
	ws, err := tx.Settings()
	if err != nil {
		return desk.Member{}, err
	}
	m := desk.Member{ID: tx.NewID(), Workspace: tx.Workspace(), Name: p.Name, Email: p.Email, Role: p.Role,
		Locale: p.Locale, Active: true, CreatedAt: tx.Now()}
	if m.Locale == "" {
		m.Locale = ws.Locale
	}
	if err := tx.InsertMember(m, hash); err != nil {
		return m, err
	}
	return m, r.record(tx, by, "member.add", m.ID)
}

// List pages through a workspace's members, oldest first.
func (r *Roster) List(ctx context.Context, ws, after desk.ID, limit int) ([]desk.Member, error) {
	var all []desk.Member
	err := r.db.In(ws).Read(ctx, func(rx *store.Rx) (err error) {
		all, err = rx.Members(after, limit)
		return err
	})
	return all, err
}
