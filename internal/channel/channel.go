package channel

import (
	"context"
	"encoding/json"

	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// Limits of one delivery and of one message, whatever the channel.
const (
	MaxRaw   = 3 << 20 // bytes of one webhook body
	MaxParts = 1000    // parts of one delivery
	// MaxPieces is how many calls one message may take.
	MaxPieces = 10
)

// Raw is one delivery as it came: headers are lower-cased and only those a
// channel asked for in Info.Headers.
type Raw struct {
	Header map[string]string
	Body   []byte
}

// Part is what one delivery holds for one channel account: the account's
// outside id and the bytes, which Parse understands on their own.
type Part struct {
	OutsideID string
	// Group is set instead of OutsideID where a part is about every account of
	// one group: AccountDetails.WABA of a WhatsApp number. Such parts hold
	// notices and nothing of a person.
	Group string
	Body  []byte
}

// SecretToken is the name of an account's access token in Account.Secrets.
const SecretToken = "token"

// Account is a channel account with its opened secrets.
type Account struct {
	desk.Account
	Details desk.AccountDetails
	Secrets map[string]secret.Text
}

// Info describes a channel as data: everything outside reads this instead of
// comparing names.
type Info struct {
	Name    string          // "widget"
	Icon    string          // name of the icon on the screens
	Door    string          // URL path it listens on, e.g. "/hooks/meta"; "" = fed by api itself
	Headers []string        // request headers VerifyRaw needs
	Skills  desk.Skills     // what it can do
	Form    json.RawMessage // JSON schema of desk.Account.Settings
	Ways    []Way           // how an account is connected; none = made here, as a website chat is
	// Entitlement the workspace needs to connect and to send; "" = none.
	// Reading what is there stays when it lapses.
	Entitlement string
}

// Channel is what every channel does.
type Channel interface {
	Info() Info
	// VerifyRaw checks the whole body against every configured secret in
	// constant time, before any account is known. Errors are desk.Unauthenticated
	// and never carry the body or an expected signature.
	VerifyRaw(secrets []secret.Text, raw Raw) error
	// Split cuts a delivery by account, at most MaxParts; parts of another
	// channel of the same door are left out.
	Split(raw Raw) ([]Part, error)
	// Parse is pure: the same bytes give the same arrivals. One bad item becomes
	// an arrival of an unknown kind with a readable fallback, never an error for
	// its neighbours.
	Parse(acct Account, p Part) ([]desk.Arrival, error)
	// Send hands one message over. Its errors say through desk.Error.Code and
	// Retry what deliver may do; an outcome that is not known is ErrUnknown.
	Send(ctx context.Context, acct Account, out desk.Outgoing) (desk.Sent, error)
}

// Defaulter is a channel whose accounts start with settings of their own.
type Defaulter interface {
	// CheckSettings returns the settings to store (defaults filled in) or a
	// desk.Invalid error that names the field.
	CheckSettings(raw json.RawMessage) (json.RawMessage, error)
}

// ErrUnknown says that a send may or may not have arrived; the message waits
// for its echo or status.
var ErrUnknown = &desk.Error{Code: desk.Unavailable, Reason: "outcome_unknown", Text: "the channel did not say whether the message arrived"}

// Registry finds a channel by the kind of an account.
type Registry struct {
	byName map[string]Channel
	order  []Channel
}

// NewRegistry keeps the channels in the order given; the first of a name wins.
func NewRegistry(channels ...Channel) *Registry {
	r := &Registry{byName: make(map[string]Channel, len(channels))}
	for _, c := range channels {
		name := c.Info().Name
		if _, taken := r.byName[name]; taken {
			continue
		}
		r.byName[name] = c
		r.order = append(r.order, c)
	}
	return r
}

// Find returns the channel of that name.
func (r *Registry) Find(name string) (Channel, error) {
	if c, ok := r.byName[name]; ok {
		return c, nil
	}
	return nil, desk.Fail(desk.NotFound, "unknown_channel", "no channel is called "+name)
}

// All lists the channels in registration order.
func (r *Registry) All() []Channel { return r.order }

// Door lists the channels that listen on a URL path.
func (r *Registry) Door(path string) []Channel {
	var at []Channel
	for _, c := range r.order {
		if c.Info().Door == path {
			at = append(at, c)
		}
	}
	return at
}
