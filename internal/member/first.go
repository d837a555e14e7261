package member

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
	"parley/internal/store"
)

const firstTerm = 24 * time.Hour

// FirstStart says whether nobody can sign in yet, and then makes the token of a
// one-time link (valid for 24 hours, in place of any earlier one).
func (r *Roster) FirstStart(ctx context.Context) (token string, needed bool, err error) {
	any, err := r.db.AnyMember(ctx)
	if err != nil || any {
		return "", false, err
	}
	token = secret.Token()
	err = r.db.In(0).Write(ctx, func(tx *store.Tx) error {
		return tx.PutFirstStart(secret.Hash(token), tx.Now().Add(firstTerm))
	})
	return token, true, err
}

// Needed says whether this install waits for its first owner.
func (r *Roster) Needed(ctx context.Context) (bool, error) {
	any, err := r.db.AnyMember(ctx)
	return !any, err
}

// Setup is the first owner's form.
type Setup struct {
	Token     string
	Workspace string
	Owner     Person // the role is always owner
	Locale    string // of the page, whose texts were agreed to
	Agreed    []Seen
	Address   string
	UserAgent string
}

// Setup spends the one-time link: it makes the first workspace and its owner and
// signs them in. Errors: desk.Forbidden "setup_link" for a wrong, spent or old token;
// desk.Invalid "not_acknowledged" and desk.Conflict "text_changed".
func (r *Roster) Setup(ctx context.Context, in Setup) (Signed, error) {
	if err := r.guess.allow("setup "+in.Address, in.Address); err != nil {
		return Signed{}, err
	}
	in.Owner.Role = desk.RoleOwner
	name := text.Normalise(in.Workspace, maxName)
	if name == "" {
		return Signed{}, desk.Fail(desk.Invalid, "workspace_missing", "name your business")
	}
	if err := in.Owner.check(name); err != nil {
		return Signed{}, err
	}
	switch needed, err := r.Needed(ctx); {
	case err != nil:
		return Signed{}, err
	case !needed:
		return Signed{}, errSetup()
	}
	agreed, err := agreedTo(in.Locale, in.Agreed)
	if err != nil {
		return Signed{}, err
	}
	hash, err := r.hash.make(ctx, in.Owner.Password)
	if err != nil {
		return Signed{}, err
	}
	var m desk.Member
	var ws desk.Workspace
	err = r.db.In(r.db.NewID()).Write(ctx, func(tx *store.Tx) error {
		any, e1 := tx.AnyMember()
		ok, e2 := tx.UseFirstStart(secret.Hash(in.Token))
		if err := errors.Join(e1, e2); err != nil {
			return err
		}
		if any || !ok {
			return errSetup()
		}
		if err := r.newWorkspace(tx, name, in.Owner.Locale); err != nil {
			return err
		}
		var err error
		if m, err = r.insert(tx, in.Owner, hash, desk.Actor{Kind: desk.BySystem}); err != nil {
			return err
		}
		if err := r.keepAgreed(tx, m, agreed); err != nil {
			return err
		}
		if err := r.queue(tx, m.ID, desk.LetterVerify, ""); err != nil {
			return err
		}
		ws, err = tx.Settings()
		return err
	})
	if err != nil {
		return Signed{}, err
	}
	return r.begin(ctx, entry{Member: m, Workspace: ws, Agent: in.UserAgent, Address: in.Address, Way: desk.WaySetup})
}

func errSetup() error {
	return desk.Fail(desk.Forbidden, "setup_link", "this link was used or is too old; start the program again for a new one")
}

// Sweep forgets sign-ins that are over, in every workspace, answered challenges,
// and forgotten passwords and ways to another sign-in that nobody came back to.
func (r *Roster) Sweep(ctx context.Context) error {
	return r.db.In(0).Write(ctx, func(tx *store.Tx) error {
		_, e1 := tx.DropSessions()
		_, e2 := tx.DropOldChallenges()
		_, e3 := tx.DropOldAsks()
		return errors.Join(e1, e2, e3)
	})
}
