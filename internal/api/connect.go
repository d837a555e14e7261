package api

import (
	"context"
	"net/http"

	"parley/internal/channel"
	"parley/internal/connect"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// ChannelKind is a channel that can be connected, with what is asked for.
type ChannelKind struct {
	Kind     string        `json:"kind"`
	Icon     string        `json:"icon"`
	Entitled bool          `json:"entitled" doc:"False: the workspace's plan does not include it"`
	Ways     []ChannelWay  `json:"ways"`
	Skills   channelSkills `json:"skills"`
}

type channelSkills struct {
	WindowHours float64 `json:"window_hours" doc:"How long a free reply is allowed after the person's last act; 0 = always"`
	HumanAgent  bool    `json:"human_agent"`
	Templates   bool    `json:"templates"`
}

// ChannelWay is one way of connecting.
type ChannelWay struct {
	ID     string         `json:"id"`
	SignIn bool           `json:"sign_in" doc:"True: the browser goes to the provider"`
	Scopes []ChannelScope `json:"scopes"`
	Fields []ChannelField `json:"fields"`
}

// ChannelScope is a permission that is asked for, with its reason.
type ChannelScope struct {
	Name    string `json:"name"`
	Feature string `json:"feature"`
	Needed  bool   `json:"needed"`
	Words   string `json:"words"`
}

// ChannelField is something to paste.
type ChannelField struct {
	Name   string `json:"name"`
	Secret bool   `json:"secret"`
	Words  string `json:"words"`
}

// ChannelOffer is what may be connected; nothing is until it is ticked.
type ChannelOffer struct {
	ID       desk.ID          `json:"id"`
	Accounts []OfferedAccount `json:"accounts"`
}

// OfferedAccount is one account to tick.
type OfferedAccount struct {
	Kind      string   `json:"kind"`
	OutsideID string   `json:"outside_id"`
	Name      string   `json:"name"`
	Username  string   `json:"username"`
	Phone     string   `json:"phone"`
	Missing   []string `json:"missing" doc:"Permissions that were not granted"`
	Blocked   string   `json:"blocked" doc:"Why it cannot be connected, in words; empty = it can"`
}

// ConnectedAccount is what became of a ticked account.
type ConnectedAccount struct {
	Kind      string   `json:"kind"`
	OutsideID string   `json:"outside_id"`
	Channel   *Channel `json:"channel,omitempty"`
	Code      string   `json:"code,omitempty"`
	Text      string   `json:"text,omitempty"`
}

// ChannelHealth is how an account is, asked live.
type ChannelHealth struct {
	State       string          `json:"state"`
	LastEventAt moment          `json:"last_event_at"`
	TokenUntil  moment          `json:"token_until"`
	Findings    []HealthFinding `json:"findings"`
}

// HealthFinding is one line of a health check.
type HealthFinding struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Warn   bool   `json:"warn" doc:"It works and deserves a look"`
	At     moment `json:"at" doc:"When what it is about happened, or ends"`
	Words  string `json:"words"`
	Fault  string `json:"fault" doc:"What is wrong and what to do; empty when it is fine"`
	Detail string `json:"detail"`
	Code   string `json:"code" doc:"What is wrong, for programs"`
}

type beginBody struct {
	Body struct {
		Kind         string `json:"kind" maxLength:"20"`
		Way          string `json:"way" maxLength:"20"`
		Acknowledged bool   `json:"acknowledged" doc:"The person has read what is asked for and why"`
	}
}

type finishBody struct {
	Body struct {
		State string `json:"state" minLength:"10" maxLength:"200"`
		Code  string `json:"code" minLength:"1" maxLength:"4000"`
	}
}

type pasteBody struct {
	Body struct {
		Kind         string            `json:"kind" maxLength:"20"`
		Way          string            `json:"way" maxLength:"20"`
		Acknowledged bool              `json:"acknowledged"`
		Fields       map[string]string `json:"fields" maxProperties:"10"`
	}
}

type tickBody struct {
	Body struct {
		OfferID  desk.ID `json:"offer_id"`
		Accounts []struct {
			Kind      string `json:"kind" maxLength:"20"`
			OutsideID string `json:"outside_id" maxLength:"200"`
		} `json:"accounts" minItems:"1" maxItems:"50"`
	}
}

func connectRoutes(a *API) {
	declare(a, Route{ID: "list-channel-kinds", Method: http.MethodGet, Path: "/api/v1/channel-kinds", Needs: Need(desk.ReadChannels),
		Tag: "channels", Summary: "Channels that can be connected, and what is asked for"}, a.listKinds)
	declare(a, Route{ID: "begin-connect", Method: http.MethodPost, Path: "/api/v1/channels/connect", Needs: Need(desk.WriteChannels),
		Tag: "channels", Summary: "Begin a sign-in at the provider"}, a.beginConnect)
	declare(a, Route{ID: "finish-connect", Method: http.MethodPost, Path: "/api/v1/channels/connect/finish", Needs: Need(desk.WriteChannels),
		Tag: "channels", Summary: "What the sign-in may connect"},
		func(ctx context.Context, c *call, in *finishBody) (*given[ChannelOffer], error) {
			o, err := a.Connect.Finish(ctx, connecting(c), a.returnURL(c), in.Body.State, in.Body.Code)
			return reply(offered(c, o), err)
		})
	declare(a, Route{ID: "paste-connect", Method: http.MethodPost, Path: "/api/v1/channels/connect/paste", Needs: Need(desk.WriteChannels),
		Tag: "channels", Summary: "What a pasted token may connect"}, a.pasteConnect)
	declare(a, Route{ID: "confirm-connect", Method: http.MethodPost, Path: "/api/v1/channels/connect/confirm", Needs: Need(desk.WriteChannels), Fresh: true,
		Tag: "channels", Summary: "Connect what was ticked"}, a.confirmConnect)
	declare(a, Route{ID: "channel-health", Method: http.MethodGet, Path: "/api/v1/channels/{id}/health", Needs: Need(desk.ReadChannels),
		Tag: "channels", Summary: "Ask the provider how an account is"}, a.channelHealth)
}

// returnURL is where a provider sends the browser back to: a screen of the
// dashboard, which asks with the member's own sign-in for the rest.
func (a *API) returnURL(c *call) string {
	at := a.Config.PublicURL
	if at == "" {
		at = "http://" + c.host
	}
	return at + "/channels/connected"
}

func (a *API) listKinds(ctx context.Context, c *call, _ *struct{}) (*given[Page[ChannelKind]], error) {
	kinds, err := a.Connect.Kinds(ctx, c.Workspace.ID)
	out := Page[ChannelKind]{Items: []ChannelKind{}}
	for _, k := range kinds {
		one := ChannelKind{Kind: k.Name, Icon: k.Icon, Entitled: k.Entitled, Ways: []ChannelWay{},
			Skills: channelSkills{WindowHours: k.Skills.Window.Hours(), HumanAgent: k.Skills.HumanAgent, Templates: k.Skills.Templates}}
		for _, w := range k.Ways {
			one.Ways = append(one.Ways, wayOf(c.locale, w))
		}
		out.Items = append(out.Items, one)
	}
	return reply(out, err)
}

func wayOf(locale string, w channel.Way) ChannelWay {
	out := ChannelWay{ID: w.ID, SignIn: len(w.Fields) == 0, Scopes: []ChannelScope{}, Fields: []ChannelField{}}
	for _, s := range w.Scopes {
		out.Scopes = append(out.Scopes, ChannelScope{Name: s.Name, Feature: s.Feature, Needed: s.Needed, Words: channel.ScopeWords(locale, s)})
	}
	for _, f := range w.Fields {
		out.Fields = append(out.Fields, ChannelField{Name: f.Name, Secret: f.Secret, Words: channel.FieldWords(locale, f)})
	}
	return out
}

func connecting(c *call) connect.Who { return connect.Who{Workspace: c.Workspace.ID, Actor: c.Actor} }

// acknowledged: the policy notice was shown with an unticked box.
func acknowledged(ok bool) error {
	if ok {
		return nil
	}
	return desk.Fail(desk.Invalid, "not_acknowledged", "confirm first that you have read what is asked for and why")
}

func (a *API) beginConnect(ctx context.Context, c *call, in *beginBody) (*given[struct {
	URL string `json:"url"`
}], error) {
	var out struct {
		URL string `json:"url"`
	}
	err := acknowledged(in.Body.Acknowledged)
	if err == nil {
		err = a.readOf(ctx, c, in.Body.Kind, in.Body.Way)
	}
	if err == nil {
		out.URL, err = a.Connect.Begin(ctx, connecting(c), in.Body.Kind, in.Body.Way, a.returnURL(c))
	}
	return reply(out, err)
}

func (a *API) pasteConnect(ctx context.Context, c *call, in *pasteBody) (*given[ChannelOffer], error) {
	if err := acknowledged(in.Body.Acknowledged); err != nil {
		return nil, err
	}
	if err := a.readOf(ctx, c, in.Body.Kind, in.Body.Way); err != nil {
		return nil, err
	}
	given := map[string]secret.Text{}
	for name, value := range in.Body.Fields {
		if len(value) > 4000 {
			return nil, desk.Fail(desk.Invalid, "too_long", "a field has at most 4000 characters")
		}
		given[name] = secret.New(value)
	}
	o, err := a.Connect.Paste(ctx, connecting(c), in.Body.Kind, in.Body.Way, given)
	return reply(offered(c, o), err)
}

func offered(c *call, o connect.Offer) ChannelOffer {
	out := ChannelOffer{ID: o.ID, Accounts: []OfferedAccount{}}
	for _, acct := range o.Accounts {
		missing := acct.Missing
		if missing == nil {
			missing = []string{}
		}
		out.Accounts = append(out.Accounts, OfferedAccount{Kind: acct.Kind, OutsideID: acct.OutsideID, Name: acct.Name,
			Username: acct.Details.Username, Phone: acct.Details.Phone, Missing: missing, Blocked: channel.Words(c.locale, acct.Blocked)})
	}
	return out
}

func (a *API) confirmConnect(ctx context.Context, c *call, in *tickBody) (*given[Page[ConnectedAccount]], error) {
	var ticks []connect.Tick
	for _, t := range in.Body.Accounts {
		ticks = append(ticks, connect.Tick{Kind: t.Kind, OutsideID: t.OutsideID})
	}
	all, err := a.Connect.Confirm(ctx, connecting(c), in.Body.OfferID, ticks)
	out := Page[ConnectedAccount]{Items: []ConnectedAccount{}}
	for _, one := range all {
		item := ConnectedAccount{Kind: one.Kind, OutsideID: one.OutsideID}
		if one.Err != nil {
			p := a.problem(ctx, c, one.Err)
			if item.Code, item.Text = p.Code, channel.Words(c.locale, p.Code); item.Text == "" {
				item.Text = p.Detail
			}
		} else {
			shown, err := a.showChannel(ctx, c, one.Account.ID)
			if err != nil {
				return nil, err
			}
			item.Channel = &shown
		}
		out.Items = append(out.Items, item)
	}
	return reply(out, err)
}

func (a *API) channelHealth(ctx context.Context, c *call, in *ByID) (*given[ChannelHealth], error) {
	h, err := a.Connect.Health(ctx, c.Workspace.ID, in.id())
	out := ChannelHealth{State: string(h.Account.State), LastEventAt: moment(h.Account.LastEventAt), TokenUntil: moment(h.Until), Findings: []HealthFinding{}}
	for _, f := range h.Findings {
		out.Findings = append(out.Findings, HealthFinding{Name: f.Name, OK: f.OK, Warn: f.Warn, At: moment(f.At), Words: channel.HealthWords(c.locale, f),
			Fault: channel.Words(c.locale, f.Reason), Detail: f.Detail, Code: f.Reason})
	}
	return reply(out, err)
}
