package member

import (
	"context"
	"errors"
	"time"

	"github.com/mileusna/useragent"

	"parley/internal/desk"
	"parley/internal/kit/secret"
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
}

// Who is somebody who proved who they are, as of this request.
type Who struct {
	Actor     desk.Actor
	Workspace desk.Workspace
	Member    desk.Member // zero for a key
	Session   desk.ID     // 0 for a key
	ExpiresAt time.Time   // zero for a key
}

// Choose is the cause of a desk.Conflict: the password opens several
// workspaces and one must be named.
type Choose []desk.Workspace

func (c Choose) Error() string { return "several workspaces" }

// How long a session lives: idle by role, and in all.
const (
	idleWide   = 12 * time.Hour // roles that may change or erase
	idleNarrow = 24 * time.Hour
	lifetime   = 7 * 24 * time.Hour
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
		return r.begin(ctx, open[0].Member, open[0].Workspace, in.UserAgent)
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

func (r *Roster) begin(ctx context.Context, m desk.Member, ws desk.Workspace, agent string) (Signed, error) {
	token := secret.Token()
	s := store.MemberSession{Workspace: ws.ID, Member: m.ID, Device: device(agent)}
	who := Who{Actor: actorOf(m), Workspace: ws, Member: m}
	err := r.db.In(ws.ID).Write(ctx, func(tx *store.Tx) error {
		s.ID, s.ExpiresAt = tx.NewID(), tx.Now().Add(lifetime)
		who.Session, who.ExpiresAt = s.ID, tx.Now().Add(idle(m.Role))
		e1 := tx.InsertSession(secret.Hash(token), s)
		e2 := tx.TouchSession(secret.Hash(token), m.ID)
		unknown, e3 := tx.SeeDevice(m.ID, s.Device)
		if err := errors.Join(e1, e2, e3); err != nil {
			return err
		}
		if unknown {
			if err := r.queue(tx, m.ID, desk.LetterDevice, s.Device); err != nil {
				return err
			}
		}
		return r.record(tx, who.Actor, "session.begin", s.ID)
	})
	return Signed{Token: token, Life: lifetime, Who: who}, err
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
	return Who{Actor: actorOf(m), Workspace: ws, Member: m, Session: s.ID, ExpiresAt: ends}, s.SeenAt, nil
}

// Sessions lists the sign-ins of a member that are not over.
func (r *Roster) Sessions(ctx context.Context, ws, member desk.ID) ([]store.MemberSession, error) {
	var live []store.MemberSession
	err := r.db.In(ws).Read(ctx, func(rx *store.Rx) error {
		m, e1 := rx.Member(member)
		all, e2 := rx.Sessions(member)
		live = nil
		for _, s := range all {
			if now := r.clk.Now(); now.Before(s.ExpiresAt) && now.Before(s.SeenAt.Add(idle(m.Role))) {
				live = append(live, s)
			}
		}
		return errors.Join(e1, e2)
	})
	return live, err
}

// Revoke ends one sign-in of a member; desk.NotFound when there is none.
func (r *Roster) Revoke(ctx context.Context, ws, member, session desk.ID, by desk.Actor) error {
	return r.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.EndSession(member, session); err != nil {
			return err
		}
		return r.record(tx, by, "session.end", session)
	})
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
