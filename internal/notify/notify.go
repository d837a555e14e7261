package notify

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// Work is the kind of work that sends one letter, each in a lane of its own.
const Work = "letter"

// Parts is what Notify is made of.
type Parts struct {
	DB    *store.DB
	Flow  *flow.Flow
	Out   *httpx.Client
	Log   *slog.Logger
	Roots *x509.CertPool // whom the mail server's certificate is checked by; nil = the system's
	// Server is the mail server; its zero value = this install sends no mail.
	Server   Server
	Operator Operator
	// Home is the address of the dashboard, without a slash at its end.
	Home string
}

// Notify sends letters to members.
type Notify struct {
	Parts
	post post
}

// New makes a Notify.
func New(p Parts) *Notify {
	return &Notify{Parts: p, post: post{server: p.Server, out: p.Out, roots: p.Roots, clk: p.Flow.Clock()}}
}

// On reports whether this install sends mail.
func (n *Notify) On() bool { return n.Server.Address != "" }

// Queue keeps a letter that leaves after the transaction; l.ID is made. Without
// a mail server it does nothing. A letter that needs a consent is desk.Forbidden
// "no_consent" without one that holds.
func (n *Notify) Queue(tx *store.Tx, l desk.Letter) error {
	if !n.On() {
		return nil
	}
	if marketing(l.Kind) {
		if _, err := permitted(&tx.Rx, l); err != nil {
			return err
		}
	}
	if err := tx.InsertLetter(&l); err != nil {
		return err
	}
	return n.Flow.Add(tx, flow.Item{Kind: Work, Key: l.ID, Object: l.ID})
}

// Tell queues a letter to each of the workspace's owners, and about the AI to
// each of its admins too, who may change what is wrong.
func (n *Notify) Tell(tx *store.Tx, kind desk.LetterKind, about string) error {
	if !n.On() {
		return nil
	}
	who := tx.Owners
	if kind == desk.LetterAlarm {
		who = tx.InCharge
	}
	all, err := who()
	for _, id := range all {
		err = errors.Join(err, n.Queue(tx, desk.Letter{Member: id, Kind: kind, About: about}))
	}
	return err
}

// Handlers lists the work of this package.
func (n *Notify) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: Work, Workers: 4, Timeout: 2 * time.Minute, Run: n.send},
		{Kind: OperatorWork, Workers: 1, Timeout: 2 * time.Minute, Run: n.sendOperator}}
}

// How long a letter without a link still helps, and how long one rests after a
// failure.
const (
	noticeTerm = 24 * time.Hour
	policyTerm = 7 * noticeTerm // it announces what comes in a month
	firstRest  = 15 * time.Second
	longRest   = 30 * time.Minute
)

func (n *Notify) send(ctx context.Context, j *flow.Job) error {
	it := j.Items[0]
	h := n.DB.In(it.Workspace)
	var a addressed
	err := h.Read(ctx, func(r *store.Rx) (err error) {
		a, err = n.read(r, it.Object)
		return err
	})
	if desk.IsNotFound(err) { // the member or the letter is gone
		return h.Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
	}
	if err != nil {
		return err
	}
	if why := a.idle(n.Flow.Clock().Now()); why != "" {
		return n.end(ctx, j, desk.LetterFailed, why)
	}
	m, err := n.compose(a)
	if err != nil {
		return err
	}
	switch fault := n.post.send(ctx, m); {
	case fault.code == "":
		return n.end(ctx, j, desk.LetterSent, "")
	case fault.final:
		n.Log.WarnContext(ctx, "a letter was refused", "workspace", it.Workspace, "letter", it.Object, "kind", a.letter.Kind, "code", fault.code)
		return n.end(ctx, j, desk.LetterFailed, fault.code)
	default:
		n.Log.WarnContext(ctx, "the mail server did not take a letter yet", "workspace", it.Workspace, "letter", it.Object, "kind", a.letter.Kind, "code", fault.code)
		return n.rest(ctx, j, a.letter, fault.code)
	}
}

func (n *Notify) end(ctx context.Context, j *flow.Job, state desk.LetterState, fault string) error {
	it := j.Items[0]
	return n.DB.In(it.Workspace).Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := tx.EndLetter(it.Object, state, fault); err != nil && !desk.IsNotFound(err) {
			return err
		}
		return j.Finish(tx)
	})
}

// rest tries again later, twice as late each time.
func (n *Notify) rest(ctx context.Context, j *flow.Job, l desk.Letter, fault string) error {
	it := j.Items[0]
	return n.DB.In(it.Workspace).Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := tx.EndLetter(it.Object, desk.LetterWaits, fault); err != nil && !desk.IsNotFound(err) {
			return err
		}
		age := tx.Now().Sub(l.CreatedAt)
		return j.Later(tx, it, tx.Now().Add(min(max(age, firstRest), longRest)))
	})
}

// addressed is a letter with all that its words are made of.
type addressed struct {
	letter    desk.Letter
	member    desk.Member
	workspace desk.Workspace
	link      string
	stop      string    // link that withdraws the consent it is sent by; "" = it needs none
	news      desk.News // its words, where they are the operator's
	policy    store.PolicyVersion
	refused   bool // the consent it needs does not hold any more
}

// locale is the language a letter is written in.
func (a addressed) locale() string { return cmp.Or(a.member.Locale, a.workspace.Locale) }

func (n *Notify) read(r *store.Rx, id desk.ID) (addressed, error) {
	var a addressed
	var err error
	if a.letter, err = r.Letter(id); err != nil {
		return a, err
	}
	if a.member, err = r.Member(a.letter.Member); err != nil {
		return a, err
	}
	if a.workspace, err = r.Settings(); err != nil {
		return a, err
	}
	if marketing(a.letter.Kind) {
		return a, n.readNews(r, &a)
	}
	if a.letter.Kind == desk.LetterPolicy {
		number, err := strconv.ParseInt(a.letter.About, 10, 64)
		if err != nil {
			return a, err
		}
		if a.policy, err = r.PolicyByNumber("privacy", number); err != nil {
			return a, err
		}
	}
	page := path(a.letter.Kind)
	if a.letter.About != "" && ends(a.letter.Kind) { // the address is told to owners only
		a.link = n.Home + EndedPath + a.letter.About
	}
	if page == "" {
		return a, nil
	}
	a.link = n.Home + page
	if a.letter.Kind.Term() > 0 {
		hash, err := r.LinkHash(a.letter)
		if err != nil {
			return a, err
		}
		a.link += "#" + desk.LetterToken(a.letter, hash)
	}
	return a, nil
}

// EndedPath is where the certificate of a workspace's deletion is found by its code.
const EndedPath = "/privacy/ended/"

// ends reports whether a letter is about the deletion of its workspace.
func ends(k desk.LetterKind) bool { return k == desk.LetterClosed || k == desk.LetterLastDay }

// path is the page of a letter's link, "" for none. A token stands behind the #,
// so that no server on the way writes it down.
func path(k desk.LetterKind) string {
	switch k {
	case desk.LetterInvite:
		return "/invitation"
	case desk.LetterReset:
		return "/reset"
	case desk.LetterSignIn, desk.LetterVerify, desk.LetterAddress:
		return "/link"
	case desk.LetterAlarm:
		return "/ai/evaluation"
	case desk.LetterCase:
		return "/settings/privacy"
	case desk.LetterDigest:
		return "/inbox"
	case desk.LetterBreach:
		return "/data-rights/breach"
	case desk.LetterDuty:
		return "/data-rights/records"
	case desk.LetterPolicy:
		return "/privacy/changes"
	}
	return ""
}

// idle says why a letter helps nobody any more; "" = it does.
func (a addressed) idle(now time.Time) string {
	term := a.letter.Kind.Term()
	switch {
	case !a.member.Active:
		return "switched_off"
	case a.refused:
		return "no_consent"
	case !a.letter.SpentAt.IsZero():
		return "replaced"
	case term > 0 && now.Sub(a.letter.CreatedAt) >= term, now.Sub(a.letter.CreatedAt) >= max(noticeTerm, term) && a.letter.Kind != desk.LetterPolicy, now.Sub(a.letter.CreatedAt) >= policyTerm:
		return "too_late"
	}
	return ""
}

// Test sends one letter of no consequence to an address and says in the mail
// server's own words what went wrong.
func (n *Notify) Test(ctx context.Context, to, locale string) error {
	if !n.On() {
		return desk.Fail(desk.Conflict, "no_mail", "PARLEY_SMTP_URL is not set: this install sends no mail")
	}
	m, err := n.words(letterWords{locale: locale, kind: "test", args: map[string]string{}})
	if err != nil {
		return err
	}
	m.to, m.id = to, secret.Token()
	if fault := n.post.send(ctx, m); fault.code != "" {
		return fmt.Errorf("the mail server says %s: %w", fault.code, fault.cause)
	}
	return nil
}
