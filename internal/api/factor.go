package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/member"
)

// Factor is one of a member's second factors.
type Factor struct {
	ID         desk.ID         `json:"id"`
	Kind       desk.FactorKind `json:"kind" enum:"totp,passkey"`
	Name       string          `json:"name"`
	CreatedAt  stamp           `json:"created_at"`
	LastUsedAt moment          `json:"last_used_at"`
}

func factorOf(f desk.Factor) Factor {
	return Factor{f.ID, f.Kind, f.Name, stamp(f.CreatedAt), moment(f.UsedAt)}
}

// Factors are the second factors of who asks.
type Factors struct {
	Items        []Factor `json:"items" nullable:"false"`
	RecoveryLeft int      `json:"recovery_left" doc:"Recovery codes that were not used yet"`
}

// NewTOTP is what an app needs to make codes.
type NewTOTP struct {
	Token  string `json:"token" doc:"Send it back with the first code"`
	Secret string `json:"secret" doc:"To be typed where no picture can be read; shown once"`
	URL    string `json:"url" doc:"otpauth://…: draw it as a QR code, on the spot; shown once"`
	EndsAt stamp  `json:"ends_at"`
}

// AddedFactor is a factor that was added.
type AddedFactor struct {
	Factor   Factor   `json:"factor"`
	Recovery []string `json:"recovery_codes" nullable:"false" doc:"Ten codes for the day on which every factor is lost; with the first factor only, shown once"`
	Me       Me       `json:"me"`
}

// RecoveryCodes are shown once.
type RecoveryCodes struct {
	Codes []string `json:"codes" nullable:"false"`
}

// SecondFactor is of whom a second factor is demanded.
type SecondFactor struct {
	Demand  desk.Demand `json:"demand" enum:"nobody,admins,everyone" doc:"By the workspace"`
	Install desk.Demand `json:"install" enum:"nobody,admins,everyone" doc:"By the install, whatever the workspace says"`
}

type confirmTOTPBody struct {
	Body struct {
		Token string `json:"token" maxLength:"100"`
		Code  string `json:"code" maxLength:"20"`
		Name  string `json:"name" minLength:"1" maxLength:"60" doc:"What you call it"`
	}
}

type addPasskeyBody struct {
	Body struct {
		Name    string  `json:"name" minLength:"1" maxLength:"60" doc:"What you call it"`
		Passkey passkey `json:"passkey" doc:"What navigator.credentials.create gave, as JSON"`
	}
}

type factorNameBody struct {
	ByID
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"60"`
	}
}

type secondFactorBody struct {
	Body struct {
		Demand desk.Demand `json:"demand" enum:"nobody,admins,everyone"`
	}
}

func factorRoutes(a *API) {
	const path = "/api/v1/factors"
	declare(a, Route{ID: "list-factors", Method: http.MethodGet, Path: path, Needs: SignedIn, Early: desk.StepFactor,
		Tag: "factors", Summary: "My second factors"}, a.listFactors)
	declare(a, Route{ID: "begin-totp", Method: http.MethodPost, Path: path + "/totp", Needs: SignedIn, Early: desk.StepEnrol, Fresh: true,
		Tag: "factors", Summary: "Begin to add codes of an app"}, a.beginTOTP)
	declare(a, Route{ID: "confirm-totp", Method: http.MethodPost, Path: path + "/totp/confirm", Needs: SignedIn, Early: desk.StepEnrol, Fresh: true,
		Status: http.StatusCreated, Tag: "factors", Summary: "Add codes of an app by the first of them"}, a.confirmTOTP)
	declare(a, Route{ID: "begin-passkey", Method: http.MethodPost, Path: path + "/passkeys/options", Needs: SignedIn, Early: desk.StepEnrol, Fresh: true,
		Tag: "factors", Summary: "What a browser makes a passkey with"},
		func(ctx context.Context, c *call, _ *nothing) (*given[PasskeyAsk], error) {
			if c.Session == 0 {
				return nil, errNoMember()
			}
			return asked(a.Members.BeginPasskey(ctx, c.Who))
		})
	declare(a, Route{ID: "add-passkey", Method: http.MethodPost, Path: path + "/passkeys", Needs: SignedIn, Early: desk.StepEnrol, Fresh: true, Body: passkeyBytes,
		Status: http.StatusCreated, Tag: "factors", Summary: "Add a passkey"}, a.addPasskey)
	declare(a, Route{ID: "name-factor", Method: http.MethodPatch, Path: path + "/{id}", Needs: SignedIn, Status: http.StatusNoContent,
		Tag: "factors", Summary: "Rename one of my factors"},
		func(ctx context.Context, c *call, in *factorNameBody) (*nothing, error) {
			if c.Session == 0 {
				return nil, errNoMember()
			}
			return nil, a.Members.NameFactor(ctx, c.Who, in.id(), in.Body.Name)
		})
	declare(a, Route{ID: "drop-factor", Method: http.MethodDelete, Path: path + "/{id}", Needs: SignedIn, Fresh: true, Status: http.StatusNoContent,
		Tag: "factors", Summary: "Remove one of my factors; the last one stays where one is demanded"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			if c.Session == 0 {
				return nil, errNoMember()
			}
			return nil, a.Members.DropFactor(ctx, c.Who, in.id())
		})
	declare(a, Route{ID: "new-recovery-codes", Method: http.MethodPost, Path: "/api/v1/recovery-codes", Needs: SignedIn, Fresh: true,
		Tag: "factors", Summary: "Ten new recovery codes in place of the earlier ones"}, a.newRecovery)
	declare(a, Route{ID: "reset-factors", Method: http.MethodDelete, Path: "/api/v1/members/{id}/factors", Needs: Need(desk.WriteAdmins), Fresh: true, Status: http.StatusNoContent,
		Tag: "factors", Summary: "Take every factor from a member who lost them; ends their sign-ins, and tells them by mail"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Members.ResetFactors(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
	declare(a, Route{ID: "get-second-factor", Method: http.MethodGet, Path: "/api/v1/workspace/second-factor", Needs: Need(desk.ReadWorkspace),
		Tag: "factors", Summary: "Of whom a second factor is demanded"},
		func(ctx context.Context, c *call, _ *nothing) (*given[SecondFactor], error) {
			return a.secondFactor(ctx, c)
		})
	declare(a, Route{ID: "set-second-factor", Method: http.MethodPut, Path: "/api/v1/workspace/second-factor", Needs: Need(desk.WriteWorkspace), Fresh: true,
		Tag: "factors", Summary: "Demand a second factor; it holds from each member's next request on"},
		func(ctx context.Context, c *call, in *secondFactorBody) (*given[SecondFactor], error) {
			if err := a.Members.SetDemand(ctx, c.Workspace.ID, in.Body.Demand, c.Actor); err != nil {
				return nil, err
			}
			return a.secondFactor(ctx, c)
		})
}

func (a *API) secondFactor(ctx context.Context, c *call) (*given[SecondFactor], error) {
	workspace, install, err := a.Members.Demand(ctx, c.Workspace.ID)
	return reply(SecondFactor{workspace, install}, err)
}

func (a *API) listFactors(ctx context.Context, c *call, _ *nothing) (*given[Factors], error) {
	all, left, err := a.Members.Factors(ctx, c.Workspace.ID, c.Member.ID)
	out := Factors{Items: []Factor{}, RecoveryLeft: left}
	for _, f := range all {
		out.Items = append(out.Items, factorOf(f))
	}
	return reply(out, err)
}

func (a *API) beginTOTP(ctx context.Context, c *call, _ *nothing) (*given[NewTOTP], error) {
	if c.Session == 0 {
		return nil, errNoMember()
	}
	n, err := a.Members.BeginTOTP(ctx, c.Who)
	return reply(NewTOTP{n.Token, n.Secret, n.URL, stamp(n.EndsAt)}, err)
}

func (a *API) confirmTOTP(ctx context.Context, c *call, in *confirmTOTPBody) (*given[AddedFactor], error) {
	if c.Session == 0 {
		return nil, errNoMember()
	}
	added, err := a.Members.ConfirmTOTP(ctx, c.Who, c.token, member.TOTPConfirm{Token: in.Body.Token, Code: in.Body.Code, Name: in.Body.Name})
	return a.added(c, added, err)
}

func (a *API) addPasskey(ctx context.Context, c *call, in *addPasskeyBody) (*given[AddedFactor], error) {
	if c.Session == 0 {
		return nil, errNoMember()
	}
	added, err := a.Members.AddPasskey(ctx, c.Who, c.token, in.Body.Name, raw(in.Body.Passkey))
	return a.added(c, added, err)
}

// added hands the sign-in's new token to the browser.
func (a *API) added(c *call, added member.Added, err error) (*given[AddedFactor], error) {
	if err != nil {
		return nil, pointing(err, map[string]string{"code_wrong": "code", "name_missing": "name"})
	}
	c.setCookie(added.Token, int(added.Life.Seconds()))
	return reply(AddedFactor{factorOf(added.Factor), orEmpty(added.Recovery), a.me(added.Who)}, nil)
}

func (a *API) newRecovery(ctx context.Context, c *call, _ *nothing) (*given[RecoveryCodes], error) {
	if c.Session == 0 {
		return nil, errNoMember()
	}
	codes, err := a.Members.NewRecovery(ctx, c.Who)
	return reply(RecoveryCodes{codes}, err)
}
