package member

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
	"parley/internal/member/oidc"
	"parley/internal/store"
)

// Departure is a browser that is about to go to a provider outside.
type Departure struct {
	Way     string
	Browser string // what its session cookie holds; "" = nothing
	Address string
	Link    desk.ID // the session of whoever links an account; 0 = somebody signs in
	Prove   bool    // that session proves once more whose it is, by an account linked before
}

// Leaving is where the browser goes. Cookie is what its session cookie has to
// hold on the way; "" = it stays as it is.
type Leaving struct {
	URL    string
	Cookie string
}

// aheadMark begins the value of a cookie that is no session yet, only the
// browser's half of a sign-in on its way.
const aheadMark = "ahead."

// Ahead reports whether a cookie holds a sign-in on its way, and no session.
func Ahead(cookie string) bool { return strings.HasPrefix(cookie, aheadMark) }

// OutsideWays lists the providers by which people sign in here.
func (r *Roster) OutsideWays() []oidc.Issuer {
	if r.outside == nil {
		return nil
	}
	return r.outside.Ways()
}

// LeaveFor begins a sign-in, or the linking of an account, at a provider. It is
// bound to this browser by its session cookie. Errors as oidc.Outside.Ask.
func (r *Roster) LeaveFor(ctx context.Context, in Departure) (Leaving, error) {
	var out Leaving
	if err := r.guess.look(in.Address); err != nil {
		return out, err
	}
	if r.outside == nil {
		return out, desk.Fail(desk.NotFound, "way_unknown", "this install has no such way to sign in")
	}
	if in.Link == 0 { // who is signed in keeps their cookie
		if _, err := r.Still(ctx, in.Browser); err != nil {
			out.Cookie = aheadMark + secret.Token()
			in.Browser = out.Cookie
		}
	}
	state := secret.Token()
	going := store.Trip{State: secret.Hash(state), Browser: secret.Hash(in.Browser), Way: in.Way, Link: in.Link, Prove: in.Prove, CreatedAt: r.clk.Now()}
	trip, err := r.trip(ctx, going, state)
	if err != nil {
		return out, err
	}
	if out.URL, err = r.outside.Ask(ctx, trip); err != nil {
		return Leaving{}, err
	}
	err = r.db.In(0).Write(ctx, func(tx *store.Tx) error {
		return tx.PutTrip(going)
	})
	return out, err
}

// trip makes the secrets of a sign-in out of its state: they are stored nowhere.
func (r *Roster) trip(ctx context.Context, g store.Trip, state string) (oidc.Trip, error) {
	t := oidc.Trip{Way: g.Way, State: state}
	if g.Prove {
		t.Since = g.CreatedAt
	}
	for what, to := range map[string]*string{"nonce": &t.Nonce, "verifier": &t.Verifier} {
		b, err := r.db.TripHash(ctx, what, state)
		if err != nil {
			return t, err
		}
		*to = base64.RawURLEncoding.EncodeToString(b)
	}
	return t, nil
}

// Return is a browser that comes back from a provider.
type Return struct {
	Way       string
	State     string
	Code      string
	Issuer    string  // as the answer says; "" = it does not
	Workspace desk.ID // chosen among several; 0 = the only one
	Browser   string  // what its session cookie holds
	Locale    string  // of the page, whose texts were agreed to
	Agreed    []Seen  // by whoever joins
	Name      string  // how they want to be called; "" = as their provider knows them, else as invited
	Address   string
	UserAgent string
}

func errTrip() error {
	return desk.Fail(desk.Forbidden, "outside_over", "this sign-in was begun in another browser, used already or took too long; begin again")
}

func errStranger() error {
	return desk.Fail(desk.Forbidden, "outside_unknown", "no workspace knows this account; ask an owner to invite you, or sign in as ever and link it in your profile")
}

// Back takes a browser that comes back from a provider: it signs in, or links the
// account to whoever is signed in, or renews their proof (then the answer has no
// token, and Proved says which). One state is
// taken once. Errors: desk.Forbidden "outside_over", "outside_unknown",
// "outside_refused"; desk.Conflict "choose_workspace" (cause Choose: come back
// once more with one of them), "outside_taken"; desk.Invalid "not_acknowledged"
// (cause Asked: come back once more, having agreed); desk.Unavailable
// "outside_unreachable".
func (r *Roster) Back(ctx context.Context, in Return) (Signed, error) {
	if err := r.guess.look(in.Address); err != nil {
		return Signed{}, err
	}
	if r.outside == nil || len(in.State) != tokenLength || in.Browser == "" {
		return Signed{}, errTrip()
	}
	var t store.Trip
	err := r.db.In(0).Write(ctx, func(tx *store.Tx) (err error) {
		t, err = tx.TakeTrip(secret.Hash(in.State), secret.Hash(in.Browser), in.Way)
		return err
	})
	switch {
	case desk.IsNotFound(err):
		return Signed{}, errTrip()
	case err != nil:
		return Signed{}, err
	}
	who := oidc.Person{}
	if t.Subject == nil {
		trip, err := r.trip(ctx, t, in.State)
		if err != nil {
			return Signed{}, err
		}
		if who, err = r.outside.Who(ctx, trip, oidc.Answer{Code: in.Code, Issuer: in.Issuer}); err != nil {
			return Signed{}, err
		}
		if err := r.keyed(ctx, &t, who); err != nil {
			return Signed{}, err
		}
	}
	switch {
	case t.Prove:
		return Signed{Proved: true}, r.proveOutside(ctx, t, in)
	case t.Link != 0:
		return Signed{}, r.link(ctx, t, who, in)
	}
	return r.enter(ctx, t, who, in)
}

// keyed notes who came, by keyed hashes.
func (r *Roster) keyed(ctx context.Context, t *store.Trip, who oidc.Person) (err error) {
	if t.Subject, err = r.db.OutsideHash(ctx, who.Issuer, who.Subject); err != nil || !who.Verified {
		return err
	}
	if email := Email(who.Email); validEmail(email) {
		t.Email, err = r.db.EmailHash(ctx, email)
	}
	return err
}

// enter signs in whom the account opens. An address alone opens only a member who
// was invited and has no way in of their own: an account that has one is linked by
// whoever is signed in to it, never by a provider's word.
func (r *Roster) enter(ctx context.Context, t store.Trip, who oidc.Person, in Return) (Signed, error) {
	known, invited, err := r.db.OutsideSeats(ctx, t.Subject, t.Email)
	if err != nil {
		return Signed{}, err
	}
	seats := append(known, invited...)
	var names Choose
	at := -1
	for i, s := range seats {
		names = append(names, s.Workspace)
		if s.Workspace.ID == in.Workspace || len(seats) == 1 {
			at = i
		}
	}
	switch {
	case len(seats) == 0:
		return Signed{}, errStranger()
	case at < 0:
		return Signed{}, r.onceMore(ctx, t, &desk.Error{Code: desk.Conflict, Reason: "choose_workspace", Text: "name the workspace to sign in to", Cause: names})
	}
	s := seats[at]
	if at < len(known) {
		err = r.db.In(s.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
			if who.Verified && s.Member.VerifiedAt.IsZero() && Email(who.Email) == s.Member.Email {
				if err := tx.VerifyAddress(s.Member.ID); err != nil {
					return err
				}
			}
			return tx.TouchOutside(t.Subject)
		})
	} else {
		err = r.join(ctx, t, &s, who, in)
	}
	if err != nil {
		return Signed{}, err
	}
	r.face(ctx, s.Workspace.ID, t, who)
	return r.begin(ctx, entry{Member: s.Member, Workspace: s.Workspace, Agent: in.UserAgent, Address: in.Address, Way: desk.Way(in.Way)})
}

// onceMore keeps a sign-in on its way open for the answer to why, and returns why.
func (r *Roster) onceMore(ctx context.Context, t store.Trip, why error) error {
	t.CreatedAt = r.clk.Now()
	if err := r.db.In(0).Write(ctx, func(tx *store.Tx) error { return tx.PutTrip(t) }); err != nil {
		return err
	}
	return why
}

// join links the account of an invited member, whose verified address it has, and
// closes their invitation.
func (r *Roster) join(ctx context.Context, t store.Trip, s *store.Seat, who oidc.Person, in Return) error {
	agreed, err := agreedTo(in.Locale, in.Agreed)
	if err != nil {
		var asked Asked
		if errors.As(err, &asked) {
			asked.Name = cmp.Or(text.Normalise(who.Name, maxName), s.Member.Name)
			err = &desk.Error{Code: desk.Invalid, Reason: "not_acknowledged", Text: "agree to each of these texts to join", Cause: asked}
		}
		return r.onceMore(ctx, t, err)
	}
	name := text.Normalise(cmp.Or(in.Name, who.Name), maxName)
	return r.db.In(s.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		m, err := tx.ChangeMember(s.Member.ID, func(m *desk.Member) error {
			if !m.Invited || !m.Active { // a password or another account came first
				return errStranger()
			}
			if name != "" {
				m.Name = name
			}
			return nil
		})
		if err != nil {
			return err
		}
		s.Member = m
		if _, err := tx.AddOutside(t.Subject, desk.OutsideIdentity{Member: m.ID, Way: t.Way, Email: m.Email, UsedAt: tx.Now()}); err != nil {
			return err
		}
		for _, k := range []desk.LetterKind{desk.LetterReset, desk.LetterInvite} {
			if err := tx.SpendLetters(m.ID, k); err != nil {
				return err
			}
		}
		if err := tx.VerifyAddress(m.ID); err != nil {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.MemberChanged, Object: m.ID})
		return errors.Join(r.keepAgreed(tx, m, agreed), r.record(tx, actorOf(m), "member.joined", m.ID))
	})
}

// maxOutside is how many accounts outside one member has.
const maxOutside = 5

// link adds the account to whoever began this while signed in.
func (r *Roster) link(ctx context.Context, t store.Trip, who oidc.Person, in Return) error {
	me, err := r.Still(ctx, in.Browser)
	if err != nil || me.Session != t.Link || me.Step != desk.StepIn {
		return errTrip()
	}
	err = r.db.In(me.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		have, err := tx.Outsides(me.Member.ID)
		if err != nil {
			return err
		}
		if len(have) >= maxOutside {
			return desk.Fail(desk.Invalid, "too_many_accounts", "a member links five accounts at most; unlink one first")
		}
		if _, err := tx.AddOutside(t.Subject, desk.OutsideIdentity{Member: me.Member.ID, Way: t.Way, Email: who.Email}); err != nil {
			return err
		}
		if err := r.queue(tx, me.Member.ID, desk.LetterLinked, r.outsideName(t.Way)); err != nil {
			return err
		}
		return r.record(tx, me.Actor, "member.link", me.Member.ID)
	})
	if desk.CodeOf(err) == desk.Conflict {
		return desk.Fail(desk.Conflict, "outside_taken", "this account opens a member of this workspace already")
	}
	if err == nil {
		r.face(ctx, me.Workspace.ID, t, who)
	}
	return err
}

func (r *Roster) outsideName(way string) string {
	for _, i := range r.OutsideWays() {
		if i.Way == way {
			return i.Name
		}
	}
	return way
}

// Linked lists a member's accounts outside.
func (r *Roster) Linked(ctx context.Context, who Who) ([]desk.OutsideIdentity, error) {
	var all []desk.OutsideIdentity
	err := r.db.In(who.Workspace.ID).Read(ctx, func(rx *store.Rx) (err error) {
		all, err = rx.Outsides(who.Member.ID)
		return err
	})
	return all, err
}

// Unlink takes one of a member's accounts outside away; desk.Conflict "last_way"
// when nothing else signs them in.
func (r *Roster) Unlink(ctx context.Context, who Who, id desk.ID) error {
	return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		// One change of a member's ways at a time.
		if _, err := tx.ChangeMember(who.Member.ID, func(*desk.Member) error { return nil }); err != nil {
			return err
		}
		all, err := tx.Outsides(who.Member.ID)
		if err != nil {
			return err
		}
		way := ""
		for _, o := range all {
			if o.ID == id {
				way = o.Way
			}
		}
		if err := tx.DropOutside(who.Member.ID, id); err != nil {
			return err
		}
		switch left, err := r.ownWays(&tx.Rx, who.Member.ID); {
		case err != nil:
			return err
		case left == 0:
			return desk.Fail(desk.Conflict, "last_way", "this account is your only way in; set a password first")
		}
		if err := r.queue(tx, who.Member.ID, desk.LetterUnlinked, r.outsideName(way)); err != nil {
			return err
		}
		return r.record(tx, who.Actor, "member.unlink", who.Member.ID)
	})
}

// ownWays counts what signs a member in: a password, accounts outside, passkeys.
func (r *Roster) ownWays(rx *store.Rx, id desk.ID) (int, error) {
	password, err := rx.PasswordHash(id)
	if err != nil {
		return 0, err
	}
	all, e1 := rx.Outsides(id)
	factors, e2 := rx.Factors(id)
	n := len(all)
	if len(password) > 0 {
		n++
	}
	for _, f := range factors {
		if f.Kind == desk.FactorPasskey {
			n++
		}
	}
	return n, errors.Join(e1, e2)
}
