package meta

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
)

// SecretApp is the name of an app secret of its own in channel.Account.Secrets:
// an account connected by a pasted token may belong to another app.
const SecretApp = "app_secret"

// Ways in AccountDetails.Login. A token of Instagram Login belongs to
// Instagram's host, the others to Facebook's.
const (
	LoginFacebook  = "facebook"
	LoginInstagram = "instagram"
	LoginWhatsApp  = "whatsapp"
	LoginPaste     = "token" // a way only: what it yields is one of the others
)

// Graph makes calls to Meta.
type Graph struct {
	App  App
	out  *httpx.Client
	clk  clock.Clock
	gate gate
}

// NewGraph makes the client; out must have the app's rules.
func NewGraph(app App, out *httpx.Client, clk clock.Clock) *Graph {
	return &Graph{App: app, out: out, clk: clk, gate: gate{clk: clk, held: map[string]hold{}}}
}

// Apps are the ids under which this install sends.
func (g *Graph) Apps() []string { return []string{g.App.ID, g.App.InstagramID} }

// Now is the client's time.
func (g *Graph) Now() time.Time { return g.clk.Now() }

// Rest is how long calls of an account are held back.
func (g *Graph) Rest(acct channel.Account) time.Duration { return g.gate.wait(acct.OutsideID) }

// Request is one call.
type Request struct {
	Account channel.Account // whose token is used, and whose pace
	Token   secret.Text     // instead of the account's
	Base    string          // "" = the host the account's token belongs to
	Method  string          // "" = GET, or POST with a body
	Path    string          // below the version, without leading slash
	Bare    bool            // Path stands below the host, without a version
	Query   url.Values
	JSON    any
	Form    url.Values
	Body    io.Reader // of Type, Length bytes
	Type    string
	Length  int64
	Send    bool // a message may leave: without Meta's verdict the outcome is open
	Limit   time.Duration
}

// Call makes a call and reads the answer into into (nil = only whether it went
// well). Errors are desk.Errors with the table's reasons; those of a Send whose
// outcome is open have channel.ErrUnknown's reason.
func (g *Graph) Call(ctx context.Context, r Request, into any) error {
	key := r.Account.OutsideID
	if wait := g.gate.pass(key); wait > 0 && key != "" {
		return failed(refusal{reason: "rate_limited", as: slow, retry: true}, nil, wait)
	}
	call, err := g.build(r)
	if err != nil {
		return err
	}
	a, err := g.out.Do(ctx, call)
	if err != nil {
		return unanswered(err, r.Send)
	}
	if a.Status < 200 || a.Status > 299 {
		err := answered(a, r.Send)
		g.gate.note(key, UsageOf(a.Header), blocks(err))
		return err
	}
	g.gate.note(key, UsageOf(a.Header), 0)
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(a.Body, into); err != nil {
		if r.Send {
			return unknown(err)
		}
		return failed(refusal{reason: "temporary", as: down, retry: true}, err, 0)
	}
	return nil
}

// blocks is how long an error keeps the whole account back; a limit between two
// people holds up nobody else.
func blocks(err error) time.Duration {
	var e *desk.Error
	if errors.As(err, &e) && e.Reason == "pair_limited" {
		return 0
	}
	return channel.After(err)
}

func (g *Graph) build(r Request) (httpx.Call, error) {
	at := r.Base
	if at == "" {
		at = g.host(r.Account)
	}
	path := at + "/" + Version + "/" + r.Path
	if r.Bare {
		path = at + "/" + r.Path
	}
	token := r.Token
	if token.IsZero() {
		token = r.Account.Secrets[channel.SecretToken]
	}
	q := url.Values{}
	for k, v := range r.Query {
		q[k] = v
	}
	if own := g.secretOf(r.Account, at); !token.IsZero() && !own.IsZero() && !r.Bare {
		q.Set("appsecret_proof", Proof(own, token))
	}
	call := httpx.Call{Rule: RuleGraph, Method: r.Method, URL: path, Bearer: token, Header: map[string]string{}, Limit: r.Limit}
	if len(q) > 0 {
		call.URL += "?" + q.Encode()
	}
	switch {
	case r.JSON != nil:
		raw, err := encoded(r.JSON)
		if err != nil {
			return call, failed(refusal{reason: "bad_request", as: wrong}, err, 0)
		}
		call.Body, call.Length = bytes.NewReader(raw), int64(len(raw))
		call.Header["Content-Type"] = "application/json"
	case r.Form != nil:
		raw := r.Form.Encode()
		call.Body, call.Length = strings.NewReader(raw), int64(len(raw))
		call.Header["Content-Type"] = "application/x-www-form-urlencoded"
	case r.Body != nil:
		call.Body, call.Length = r.Body, r.Length
		call.Header["Content-Type"] = r.Type
	}
	if call.Method == "" && call.Body != nil {
		call.Method = http.MethodPost
	}
	return call, nil
}

// encoded is JSON without HTML escapes: what is written is what is meant.
func encoded(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// host is where an account's token belongs.
func (g *Graph) host(acct channel.Account) string {
	if acct.Details.Login == LoginInstagram {
		return g.App.instagram()
	}
	return g.App.graph()
}

// secretOf is the app secret that a token at that host is proven with, none for
// an account of a foreign app whose secret nobody gave.
func (g *Graph) secretOf(acct channel.Account, at string) secret.Text {
	switch {
	case !acct.Secrets[SecretApp].IsZero():
		return acct.Secrets[SecretApp]
	case acct.Details.Pasted:
		return secret.Text{}
	case acct.Details.Login == LoginInstagram || at == g.App.instagram() && at != g.App.graph():
		return g.App.InstagramSecret
	}
	return g.App.Secret
}

// Path joins ids into a path; an id never leaves its place.
func Path(parts ...string) string {
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}

// Done is the answer of calls that only succeed: {"success":true}, as a word in
// some samples (1.2).
type Done struct {
	Success Flag `json:"success"`
}
