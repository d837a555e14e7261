package member

import (
	"context"
	"errors"
	"math"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Letters sends mails to members.
type Letters interface {
	On() bool // this install has a mail server
	Queue(tx *store.Tx, l desk.Letter) error
}

// ForgotWork is the kind of work that finds out whose address was typed.
const ForgotWork = "forgot"

// Handlers lists the work of this package.
func (r *Roster) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: ForgotWork, Workers: 2, Run: r.lookUp}, {Kind: NewsWork, Workers: 1, Run: r.spread}, {Kind: PolicyWork, Workers: 1, Run: r.tellPolicy}}
}

// Mails reports whether letters reach members.
func (r *Roster) Mails() bool { return r.letters != nil && r.letters.On() }

func (r *Roster) queue(tx *store.Tx, member desk.ID, kind desk.LetterKind, about string) error {
	if !r.Mails() {
		return nil
	}
	return r.letters.Queue(tx, desk.Letter{Member: member, Kind: kind, About: about})
}

func errNoMail() error {
	return desk.Fail(desk.Conflict, "no_mail", "this install sends no mail; ask an owner of your workspace, or whoever runs the install, for a new password")
}

// Forgot asks for a link that sets a new password. The answer and its time are
// the same whether the address belongs to anybody: who that is is looked up
// afterwards (covers H-92). desk.TooMany carries a Wait; desk.Conflict "no_mail"
// where no mail leaves at all.
func (r *Roster) Forgot(ctx context.Context, email, address string) error {
	return r.askByMail(ctx, email, address, desk.LetterReset)
}

// MailLink asks for a link that signs in. It takes nothing of the budget of
// passwords, so that who guesses those keeps nobody out. Errors as Forgot.
func (r *Roster) MailLink(ctx context.Context, email, address string) error {
	return r.askByMail(ctx, email, address, desk.LetterSignIn)
}

func (r *Roster) askByMail(ctx context.Context, email, address string, kind desk.LetterKind) error {
	if !r.Mails() {
		return errNoMail()
	}
	email = Email(email)
	if !validEmail(email) {
		return desk.Fail(desk.Invalid, "email_invalid", "this is not an e-mail address")
	}
	if err := r.guess.ask(string(secret.Hash(email)), address); err != nil {
		return err
	}
	return r.db.In(0).Write(ctx, func(tx *store.Tx) error {
		id, err := tx.InsertResetAsk(email, kind)
		if err != nil {
			return err
		}
		return r.flow.Add(tx, flow.Item{Kind: ForgotWork, Key: id, Object: id})
	})
}

// lookUp writes a letter to everybody who has the address that was typed: one in
// each workspace where they are.
func (r *Roster) lookUp(ctx context.Context, j *flow.Job) error {
	ask := j.Items[0].Object
	var seats []store.Seat
	var asked desk.LetterKind
	err := r.db.In(0).Read(ctx, func(rx *store.Rx) (err error) {
		seats, asked, err = rx.ResetAsk(ask)
		return err
	})
	if err != nil && !desk.IsNotFound(err) {
		return err
	}
	// After a crash in between a letter is written again; its link takes the
	// place of the first one's.
	for _, s := range seats {
		kind := asked
		if s.Member.Invited {
			kind = desk.LetterInvite
		}
		err := r.db.In(s.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
			if err := r.queue(tx, s.Member.ID, kind, ""); err != nil {
				return err
			}
			return r.record(tx, desk.Actor{Kind: desk.BySystem}, "member."+string(asked)+"_asked", s.Member.ID)
		})
		if err != nil {
			return err
		}
	}
	return r.db.In(0).Write(ctx, func(tx *store.Tx) error {
		return errors.Join(tx.DropResetAsk(ask), j.Finish(tx))
	})
}

// errLink is said of every link that does not open, whatever the reason, so that
// it tells nothing to whoever tries tokens.
func errLink() error {
	return desk.Fail(desk.Forbidden, "link_over", "this link was used, replaced by a newer one or is too old; ask for a new one")
}

// Opened is whom a link is for.
type Opened struct {
	Kind      desk.LetterKind
	Member    desk.Member
	Workspace desk.Workspace
	EndsAt    time.Time
	About     string // the new address that a link confirms
	letter    desk.ID
}

// Look reads a link without spending it. address is the caller's, for the limit
// only. desk.Forbidden "link_over" for every link that does not open.
func (r *Roster) Look(ctx context.Context, token, address string) (Opened, error) {
	var o Opened
	ws, id, proof, ok := desk.ReadLetterToken(token)
	if err := r.guess.look(address); err != nil {
		return o, err
	}
	if !ok {
		return o, errLink()
	}
	err := r.db.In(ws).Read(ctx, func(rx *store.Rx) (err error) {
		l, err := rx.Letter(id)
		if err != nil {
			return err
		}
		o, err = r.open(rx, l, proof)
		return err
	})
	if desk.IsNotFound(err) {
		err = errLink()
	}
	return o, err
}

func (r *Roster) open(rx *store.Rx, l desk.Letter, proof []byte) (Opened, error) {
	o := Opened{Kind: l.Kind, EndsAt: l.CreatedAt.Add(l.Kind.Term()), letter: l.ID}
	hash, err := rx.LinkHash(l)
	if err != nil {
		return o, err
	}
	if !desk.LetterProves(proof, hash) || l.Kind.Term() == 0 || !l.SpentAt.IsZero() || !r.clk.Now().Before(o.EndsAt) {
		return o, errLink()
	}
	var e1, e2 error
	o.Member, e1 = rx.Member(l.Member)
	o.Workspace, e2 = rx.Settings()
	if e1 == nil && !o.Member.Active {
		e1 = errLink()
	}
	if l.Kind.Elsewhere() {
		o.About = l.About
	}
	return o, errors.Join(e1, e2)
}

// Chosen is what somebody types behind a link.
type Chosen struct {
	Token     string
	Name      string // of an invitation; "" = as they were invited
	Password  string
	Locale    string // of the page, whose texts were agreed to
	Agreed    []Seen // of an invitation
	Address   string
	UserAgent string
}

// Choose spends a link: it sets the password and ends every sign-in there was.
// Behind an invitation it signs in; behind a reset the person signs in as ever,
// so that a mailbox alone opens nothing that asks for more. Errors: desk.Forbidden
// "link_over"; desk.Invalid with what is wrong with the password or name; behind
// an invitation also "not_acknowledged", and desk.Conflict "text_changed".
func (r *Roster) Choose(ctx context.Context, in Chosen) (Signed, error) {
	o, err := r.Look(ctx, in.Token, in.Address)
	if err == nil && o.Kind != desk.LetterInvite && o.Kind != desk.LetterReset {
		err = errLink()
	}
	if err != nil {
		return Signed{}, err
	}
	if o.Kind == desk.LetterInvite && in.Name != "" {
		if o.Member.Name = text.Normalise(in.Name, maxName); o.Member.Name == "" {
			return Signed{}, desk.Fail(desk.Invalid, "name_missing", "a member needs a name")
		}
	}
	if err := checkPassword(in.Password, o.Workspace.Name, o.Member.Name, o.Member.Email); err != nil {
		return Signed{}, err
	}
	var agreed []desk.Acknowledgement
	if o.Kind == desk.LetterInvite {
		if agreed, err = agreedTo(in.Locale, in.Agreed); err != nil {
			return Signed{}, err
		}
	}
	hash, err := r.hash.make(ctx, in.Password)
	if err != nil {
		return Signed{}, err
	}
	_, _, proof, _ := desk.ReadLetterToken(in.Token)
	name := o.Member.Name
	err = r.db.In(o.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		l, err := tx.LockLetter(o.letter) // two browsers, one link
		if err != nil {
			return err
		}
		if o, err = r.open(&tx.Rx, l, proof); err != nil {
			return err
		}
		return errors.Join(r.keepAgreed(tx, o.Member, agreed), r.choose(tx, o, name, hash))
	})
	switch {
	case desk.IsNotFound(err):
		return Signed{}, errLink()
	case err != nil || o.Kind != desk.LetterInvite:
		return Signed{}, err
	}
	o.Member.Name = name
	return r.begin(ctx, entry{Member: o.Member, Workspace: o.Workspace, Agent: in.UserAgent, Address: in.Address, Way: desk.WayInvitation})
}

func (r *Roster) choose(tx *store.Tx, o Opened, name string, hash []byte) error {
	id := o.Member.ID
	if name != o.Member.Name {
		if _, err := tx.ChangeMember(id, func(m *desk.Member) error { m.Name = name; return nil }); err != nil {
			return err
		}
	}
	for _, k := range []desk.LetterKind{desk.LetterReset, desk.LetterInvite} {
		if err := tx.SpendLetters(id, k); err != nil {
			return err
		}
	}
	e1 := tx.SetPasswordHash(id, hash)
	e2 := tx.EndSessions(id, 0)
	e3 := tx.VerifyAddress(id) // the link came there
	if err := errors.Join(e1, e2, e3); err != nil {
		return err
	}
	act := "member.password"
	if o.Kind == desk.LetterInvite {
		act = "member.joined"
		tx.Emit(desk.Event{Kind: desk.MemberChanged, Object: id})
	} else if err := r.queue(tx, id, desk.LetterPassword, ""); err != nil {
		return err
	}
	return r.record(tx, actorOf(o.Member), act, id)
}

// Invite writes to a member who has no password yet, again if need be. Errors:
// desk.Conflict "no_mail" or "joined"; as Change.
func (r *Roster) Invite(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	return r.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		m, err := tx.Member(id)
		if err != nil {
			return err
		}
		if !r.Mails() {
			return errNoMail()
		}
		if err := manages(by, m.Role); err != nil {
			return err
		}
		switch {
		case !m.Invited:
			return desk.Fail(desk.Conflict, "joined", "they joined already; they can ask for a new password where they sign in")
		case !m.Active:
			return desk.Fail(desk.Conflict, "switched_off", "switch them on first")
		}
		if err := r.queue(tx, id, desk.LetterInvite, ""); err != nil {
			return err
		}
		return r.record(tx, by, "member.invite", id)
	})
}

// LettersSent pages through what was mailed to members, newest first; before 0
// begins at the newest.
func (r *Roster) LettersSent(ctx context.Context, ws, before desk.ID, limit int) ([]desk.Letter, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	var all []desk.Letter
	err := r.db.In(ws).Read(ctx, func(rx *store.Rx) (err error) {
		all, err = rx.Letters(before, limit)
		return err
	})
	return all, err
}
