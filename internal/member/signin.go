package member

import (
	"context"
	"errors"
	"time"

	"github.com/mileusna/useragent"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/record"
	"parley/internal/store"
)

// SignIn is one try to sign in.
type SignIn struct {
	Email     string
	Password  string
	Workspace desk.ID // 0 = whichever the password opens
	Address   string  // of the caller, for the limits only
	UserAgent string  // kept as "browser on system", sealed
}

// Signed is a fresh sign-in. Token is shown to the browser once.
type Signed struct {
	Token string
	Life  time.Duration // how long a browser should keep it at most
	Who   Who
	// Proved is true, without a token, where a provider renewed the proof of
	// somebody who is signed in already.
	Proved bool
}

// Who is somebody who proved who they are, as of this request.
type Who struct {
	Actor     desk.Actor
	Workspace desk.Workspace
	Member    desk.Member // zero for a key
	Session   desk.ID     // 0 for a key
	ExpiresAt time.Time   // zero for a key
	Step      desk.Step   // what this sign-in owes before it opens anything; nothing for a key
	ProvedAt  time.Time   // when they last proved who they are; zero for a key
}

// Choose is the cause of a desk.Conflict: the password opens several
// workspaces and one must be named.
type Choose []desk.Workspace

func (c Choose) Error() string { return "several workspaces" }

// How long a session lives while idle, by role; in all desk.SessionTerm.
const (
	idleWide   = 12 * time.Hour // roles that may change or erase
	idleNarrow = 24 * time.Hour
	touchEvery = 5 * time.Minute
)

func idle(r desk.Role) time.Duration {
	if desk.Can(r, desk.WriteMembers) || desk.Can(r, desk.EraseContacts) || r == desk.RoleOperator {
		return idleWide
	}
	return idleNarrow
}

func errSignIn() error {
	return desk.Fail(desk.Unauthenticated, "sign_in_failed", "e-mail address or password is not right")
}

// SignIn checks e-mail and password and opens a session. A wrong password and
// an unknown e-mail are the same desk.Unauthenticated "sign_in_failed" after the
// same work; desk.Conflict "choose_workspace" (cause Choose) asks for a
// workspace; desk.TooMany carries a Wait.
func (r *Roster) SignIn(ctx context.Context, in SignIn) (Signed, error) {
	email := Email(in.Email)
	if len(email) > maxEmail {
		email = "" // no account has such an address; the same way on
	}
	if err := r.guess.allow(string(secret.Hash(email)), in.Address); err != nil {
		return Signed{}, err
	}
	seats, err := r.db.Seats(ctx, email)
	if err != nil {
		return Signed{}, err
	}
	open, err := r.opened(ctx, seats, in)
	if err != nil {
		return Signed{}, err
	}
	switch len(open) {
	case 0:
		return Signed{}, errSignIn()
	case 1:
		return r.begin(ctx, entry{Member: open[0].Member, Workspace: open[0].Workspace, Agent: in.UserAgent, Address: in.Address, Way: desk.WayPassword})
	}
	var names Choose
	for _, s := range open {
		names = append(names, s.Workspace)
	}
	return Signed{}, &desk.Error{Code: desk.Conflict, Reason: "choose_workspace", Text: "name the workspace to sign in to", Cause: names}
}

// opened returns the seats whose password this is; at least one hash is always
// computed.
func (r *Roster) opened(ctx context.Context, seats []store.Seat, in SignIn) ([]store.Seat, error) {
	var open []store.Seat
	tried := false
	for _, s := range seats {
		if in.Workspace != 0 && s.Workspace.ID != in.Workspace {
			continue
		}
		tried = true
		same, err := r.hash.same(ctx, s.Password, in.Password)
		if err != nil {
			return nil, err
		}
		if same {
			open = append(open, s)
		}
	}
	if !tried {
		if _, err := r.hash.same(ctx, nil, in.Password); err != nil {
			return nil, err
		}
	}
	return open, nil
}

// entry is somebody who showed who they are, by a way in.
type entry struct {
	Member    desk.Member
	Workspace desk.Workspace
	Agent     string // the browser, as it names itself
	Address   string // the caller's
	Way       desk.Way
}

// begin opens every session there is, so that no way in skips the second
// factor: what the sign-in still owes is in Who.Step.
func (r *Roster) begin(ctx context.Context, e entry) (Signed, error) {
	token := secret.Token()
	m := e.Member
	s := store.MemberSession{Workspace: e.Workspace.ID, Member: m.ID, Device: device(e.Agent), Network: record.Network(e.Address)}
	if r.places != nil {
		s.Place = r.places.Place(e.Address)
	}
	err := r.db.In(e.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		s.ID, s.ExpiresAt = tx.NewID(), tx.Now().Add(desk.SessionTerm)
		e1 := tx.InsertSession(secret.Hash(token), s)
		e2 := tx.TouchSession(secret.Hash(token), m.ID)
		unknown, e3 := tx.SeeDevice(m.ID, s.Device)
		if err := errors.Join(e1, e2, e3, tx.ProveSession(s, e.Way)); err != nil {
			return err
		}
		if unknown {
			if err := r.queue(tx, m.ID, desk.LetterDevice, s.Device); err != nil {
				return err
			}
		}
		return r.record(tx, actorOf(m), "session.begin", s.ID)
	})
	if err != nil {
		return Signed{}, err
	}
	who, err := r.Still(ctx, token)
	return Signed{Token: token, Life: desk.SessionTerm, Who: who}, err
}

func actorOf(m desk.Member) desk.Actor {
	return desk.Actor{Kind: desk.ByMember, ID: m.ID, Name: m.Name, Role: m.Role}
}

// device is a short label for the list of sessions: "Firefox on Linux".
func device(agent string) string {
	if len(agent) > 512 {
		agent = agent[:512]
	}
	ua := useragent.Parse(agent)
	switch {
	case ua.Name == "":
		return ""
	case ua.OS == "":
		return ua.Name
	}
	return ua.Name + " on " + ua.OS
}

func errSession() error {
	return desk.Fail(desk.Unauthenticated, "session_over", "this sign-in is over; sign in again")
}

// Session says who holds a session token now, and notes that they were here. A
// role change, a switched-off member and a revoked session hold from the next
// call on.
func (r *Roster) Session(ctx context.Context, token string) (Who, error) {
	who, seen, err := r.look(ctx, token)
	if err == nil && r.clk.Now().Sub(seen) >= touchEvery {
		err = r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
			return tx.TouchSession(secret.Hash(token), who.Member.ID)
		})
	}
	return who, err
}

// Still is Session without noting anything: an open stream alone keeps nobody
// signed in.
func (r *Roster) Still(ctx context.Context, token string) (Who, error) {
	who, _, err := r.look(ctx, token)
	return who, err
}

func (r *Roster) look(ctx context.Context, token string) (Who, time.Time, error) {
	if len(token) != tokenLength {
		return Who{}, time.Time{}, errSession()
	}
	s, m, ws, err := r.db.SignedIn(ctx, secret.Hash(token))
	if desk.IsNotFound(err) {
		return Who{}, time.Time{}, errSession()
	}
	if err != nil {
		return Who{}, time.Time{}, err
	}
	ends := s.SeenAt.Add(idle(m.Role))
	if ends.After(s.ExpiresAt) {
		ends = s.ExpiresAt
	}
	if !m.Active || !r.clk.Now().Before(ends) {
		return Who{}, time.Time{}, errSession()
	}
	return Who{Actor: actorOf(m), Workspace: ws, Member: m, Session: s.ID, ExpiresAt: ends,
		Step: r.owed(m.Role, s.Standing), ProvedAt: s.Standing.ProvedAt}, s.SeenAt, nil
}

// Confirm asks a signed-in member for their password once more, before
// something that must be theirs alone.
func (r *Roster) Confirm(ctx context.Context, who Who, password, address string) error {
	if err := r.guess.allow(string(secret.Hash(who.Member.Email)), address); err != nil {
		return err
	}
	var hash []byte
	err := r.db.In(who.Workspace.ID).Read(ctx, func(rx *store.Rx) (err error) {
		hash, err = rx.PasswordHash(who.Member.ID)
		return err
	})
	if err != nil {
		return err
	}
	switch same, err := r.hash.same(ctx, hash, password); {
	case err != nil:
		return err
	case !same:
		return desk.Fail(desk.Forbidden, "password_wrong", "this is not your password")
	}
	return nil
}

// SetPassword gives a member a new password and ends their other sign-ins.
func (r *Roster) SetPassword(ctx context.Context, who Who, password string) error {
	if err := checkPassword(password, who.Workspace.Name, who.Member.Name, who.Member.Email); err != nil {
		return err
	}
	hash, err := r.hash.make(ctx, password)
	if err != nil {
		return err
	}
	return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		e1 := tx.SetPasswordHash(who.Member.ID, hash)
		e2 := tx.EndSessions(who.Member.ID, who.Session)
		if err := errors.Join(e1, e2); err != nil {
			return err
		}
		if err := r.queue(tx, who.Member.ID, desk.LetterPassword, ""); err != nil {
			return err
		}
		return r.record(tx, who.Actor, "member.password", who.Member.ID)
	})
}
