package api

import (
	"context"
	"encoding/json"
	"net/http"

	"parley/internal/desk"
	"parley/internal/member"
)

// passkey is what navigator.credentials gave, as JSON (PublicKeyCredential's
// toJSON).
type passkey = map[string]any

type proofBody struct {
	Body struct {
		Password string  `json:"password,omitempty" maxLength:"1024"`
		Code     string  `json:"code,omitempty" maxLength:"20" doc:"Of an app"`
		Passkey  passkey `json:"passkey,omitempty" doc:"What navigator.credentials.get gave for ask-passkey's options, as JSON"`
	}
}

type passBody struct {
	Body struct {
		Code     string  `json:"code,omitempty" maxLength:"20" doc:"Of an app"`
		Recovery string  `json:"recovery_code,omitempty" maxLength:"60"`
		Passkey  passkey `json:"passkey,omitempty" doc:"What navigator.credentials.get gave for ask-passkey's options, as JSON"`
	}
}

type passkeyBody struct {
	Body struct {
		Passkey passkey `json:"passkey" doc:"What navigator.credentials.get gave for ask-any-passkey's options, as JSON"`
	}
}

// PasskeyAsk is what a browser asks for a passkey with.
type PasskeyAsk struct {
	PublicKey json.RawMessage `json:"public_key" doc:"For PublicKeyCredential.parseRequestOptionsFromJSON or parseCreationOptionsFromJSON; good once, for five minutes"`
}

func asked(options json.RawMessage, err error) (*given[PasskeyAsk], error) {
	return reply(PasskeyAsk{options}, err)
}

// passkeyBytes is how much of a browser's answer is looked at.
const passkeyBytes = 16 << 10

func proofRoutes(a *API) {
	declare(a, Route{ID: "ask-any-passkey", Method: http.MethodPost, Path: "/api/v1/session/passkey/options", Needs: Public, Limit: limitSignIn,
		Tag: "session", Summary: "What a browser asks for a passkey with, to sign in by it alone"},
		func(ctx context.Context, _ *call, _ *nothing) (*given[PasskeyAsk], error) {
			return asked(a.Members.AskPasskey(ctx, member.Who{}))
		})
	declare(a, Route{ID: "sign-in-passkey", Method: http.MethodPost, Path: "/api/v1/session/passkey", Needs: Public, Limit: limitSignIn, Body: passkeyBytes,
		Tag: "session", Summary: "Sign in by a passkey, without address and password; it is the second factor too"}, a.signInPasskey)
	declare(a, Route{ID: "ask-passkey", Method: http.MethodPost, Path: "/api/v1/session/factor/options", Needs: SignedIn, Early: desk.StepFactor, Limit: limitSignIn,
		Tag: "session", Summary: "What a browser asks for one of my passkeys with, as second factor or as proof"},
		func(ctx context.Context, c *call, _ *nothing) (*given[PasskeyAsk], error) {
			if c.Session == 0 {
				return nil, errNoMember()
			}
			return asked(a.Members.AskPasskey(ctx, c.Who))
		})
	declare(a, Route{ID: "pass-factor", Method: http.MethodPost, Path: "/api/v1/session/factor", Needs: SignedIn, Early: desk.StepFactor, Limit: limitSignIn, Body: passkeyBytes,
		Tag: "session", Summary: "Show the second factor a sign-in waits for; the sign-in goes on under a new cookie"}, a.passFactor)
	declare(a, Route{ID: "prove", Method: http.MethodPost, Path: "/api/v1/session/proof", Needs: SignedIn, Early: desk.StepEnrol, Limit: limitSignIn, Body: passkeyBytes,
		Tag: "session", Summary: "Prove once more who I am, for the acts that ask for it (x-fresh): ten minutes"}, a.prove)
}

func (a *API) signInPasskey(ctx context.Context, c *call, in *passkeyBody) (*given[Me], error) {
	if err := c.canKeep(); err != nil {
		return nil, err
	}
	s, err := a.Members.SignInByPasskey(ctx, member.PasskeySignIn{Credential: raw(in.Body.Passkey), Address: c.addr, UserAgent: c.agent})
	if err != nil {
		return nil, err
	}
	return c.begin(a, s)
}

func (a *API) passFactor(ctx context.Context, c *call, in *passBody) (*given[Me], error) {
	if c.Session == 0 {
		return nil, errNoMember()
	}
	b := in.Body
	s, err := a.Members.Pass(ctx, c.Who, c.token, member.Answer{Code: b.Code, Recovery: b.Recovery, Passkey: raw(b.Passkey)})
	if err != nil {
		field := "code"
		if b.Code == "" {
			field = "recovery_code"
		}
		return nil, pointing(err, map[string]string{"code_wrong": field})
	}
	return c.begin(a, s)
}

func (a *API) prove(ctx context.Context, c *call, in *proofBody) (*given[Me], error) {
	if c.Session == 0 {
		return nil, errNoMember()
	}
	b := in.Body
	if err := a.Members.Prove(ctx, c.Who, member.Answer{Password: b.Password, Code: b.Code, Passkey: raw(b.Passkey)}, c.addr); err != nil {
		return nil, pointing(err, map[string]string{"password_wrong": "password", "code_wrong": "code"})
	}
	who, err := a.Members.Still(ctx, c.token)
	return reply(a.me(who), err)
}

// raw is a passkey as the browser sent it; nil when there is none.
func raw(p passkey) []byte {
	if len(p) == 0 {
		return nil
	}
	b, err := json.Marshal(p)
	if err != nil { // it was JSON a moment ago
		return nil
	}
	return b
}
