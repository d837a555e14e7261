package channel

import (
	"context"
	"io"
	"net/url"
	"strconv"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// The interfaces below are what a channel may do beside Channel. Each is found
// by type assertion on what Registry.Find gives; a channel without one simply
// cannot.

// Tailored is a channel whose accounts differ in what they can do.
type Tailored interface {
	SkillsFor(acct desk.Account) desk.Skills
}

// SkillsOf is what one account can do.
func SkillsOf(c Channel, acct desk.Account) desk.Skills {
	if t, ok := c.(Tailored); ok {
		return t.SkillsFor(acct)
	}
	return c.Info().Skills
}

// Signaller shows typing and seen. A signal is never retried and its failure
// never matters.
type Signaller interface {
	Signal(ctx context.Context, acct Account, s desk.Signal) error
}

// Resting is a channel that knows, from answers it got, how long calls of an
// account are better left; 0 = none. It asks nobody.
type Resting interface {
	Rest(acct Account) time.Duration
}

// Fetcher reads a file that somebody sent.
type Fetcher interface {
	// Fetch streams the file into w, at most max bytes. Reasons of its errors:
	// media_expired (gone for good), media_too_large, media_empty, media_refused
	// (the address is not the provider's, or led to a foreign host); desk.Error
	// with Retry for anything that may pass. What w holds after an error is void.
	Fetch(ctx context.Context, acct Account, ref desk.MediaRef, max int64, w io.Writer) (desk.Fetched, error)
}

// Profiler reads what the channel tells of a person. desk.NotFound with reason
// profile_private or profile_gone means that there is nothing to read now.
type Profiler interface {
	Profile(ctx context.Context, acct Account, who desk.Identity) (desk.Profile, error)
}

// Way is one way of connecting an account.
type Way struct {
	ID     string  // "facebook", "instagram", "whatsapp", "token"
	Scopes []Scope // shown before the redirect, exactly what is asked for
	Fields []Field // of a way without redirect: what a person pastes
}

// Scope is one line of the manifest: what is asked for, why and for which part
// of Parley. Words for people: i18n "scope."+Name.
type Scope struct {
	Name    string
	Feature string // "send", "receive", "list", "profile", "health"
	Needed  bool   // without it nothing works; otherwise only Feature is off
}

// Field is something a person pastes. Words for people: i18n "field."+Name.
type Field struct {
	Name   string
	Secret bool
}

// Candidate is an account that may be connected, for the person to tick.
type Candidate struct {
	Kind      string // name of the channel: one sign-in may offer accounts of several
	OutsideID string
	Name      string
	Details   desk.AccountDetails
	Secrets   map[string]secret.Text
	// Missing are scopes or rights that were not granted; Blocked, when not "",
	// is the reason key why it cannot be connected at all.
	Missing []string
	Blocked string
}

// Authorizer connects by the provider's own sign-in.
type Authorizer interface {
	// AuthURL is where the browser goes; state comes back unchanged.
	AuthURL(way, redirect, state string) (string, error)
	// Exchange trades the code for tokens and lists what may be connected. The
	// code is good once.
	Exchange(ctx context.Context, way, redirect, code string) ([]Candidate, error)
}

// Checker connects by what a person pasted: it is checked live.
type Checker interface {
	Check(ctx context.Context, way string, given map[string]secret.Text) ([]Candidate, error)
}

// Subscriber turns deliveries for an account on and off at the provider. Both
// may be repeated.
type Subscriber interface {
	// Subscription names what is turned on and off. Accounts of any channel with
	// the same name share it: Unsubscribe is for the last of them.
	Subscription(acct Account) string
	Subscribe(ctx context.Context, acct Account) error
	Unsubscribe(ctx context.Context, acct Account) error
}

// Renewed is a renewed token; the string may be the old one, what counts is its
// new end.
type Renewed struct {
	Token secret.Text
	Until time.Time // zero = without end
}

// Renewer keeps tokens alive.
type Renewer interface {
	// RenewAt says when the account's token should be renewed next; zero = never.
	RenewAt(acct Account) time.Time
	// Renew asks for another term. Reason token_expired, token_revoked or
	// permission_missing means that a person has to connect again.
	Renew(ctx context.Context, acct Account) (Renewed, error)
}

// Finding is one line of a health check. Words for people: i18n
// "health."+Name; a failed one, and one that warns, adds "fault."+Reason.
type Finding struct {
	Name   string // "reach", "token", "permissions", "subscription", "messages", "number", "name", "quality"; connect adds "until", "access", "events", "sending"
	OK     bool
	Warn   bool // it works and deserves a look; OK is true
	Reason string
	At     time.Time // what it is about happened or ends then; zero = no time
	Detail string    // never a secret, never of a person
}

// Health is what a check found, with the details as the provider gives them now.
type Health struct {
	Findings []Finding
	Details  desk.AccountDetails
}

// Prober asks the provider how an account is, in one live round trip or a few.
// The error means that nothing could be asked at all.
type Prober interface {
	Probe(ctx context.Context, acct Account) (Health, error)
}

// Templater lists the approved texts of an account.
type Templater interface {
	Templates(ctx context.Context, acct Account) ([]desk.Template, error)
	// CheckTemplate compares a filled-in template with its definition before
	// anything is sent; an error about single values has ParamFaults as its cause.
	CheckTemplate(t desk.Template, use desk.TemplateUse) error
}

// ParamFault is what is wrong with one value of a filled-in template. Words for
// people: i18n "fault."+Reason.
type ParamFault struct {
	Part   string // "header", "params", "names", "buttons"
	Index  int
	Reason string
}

// ParamFaults are all that is wrong with one template.
type ParamFaults []ParamFault

func (f ParamFaults) Error() string {
	return strconv.Itoa(len(f)) + " values do not fit the template"
}

// Request is a signed call of a provider about the person who connected.
type Request struct {
	AppUser  string // app-scoped id
	IssuedAt time.Time
}

// Registrar brings a number into service, which some providers ask for after
// it was connected. pin is the number's own second factor, chosen or known by
// its owner; it is not kept.
type Registrar interface {
	Register(ctx context.Context, acct Account, pin secret.Text) error
}

// Callbacks are what a provider calls beside deliveries.
type Callbacks interface {
	// Handshake answers the provider's question whether this address is ours;
	// ok is false when the token is wrong or the question is another.
	Handshake(q url.Values) (challenge string, ok bool)
	// ReadRequest verifies a signed request (desk.Invalid when forged,
	// malformed, from the future or older than maxAge).
	ReadRequest(signed string, maxAge time.Duration) (Request, error)
}
