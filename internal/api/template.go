package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/inbox"
)

// Template is an approved text of a channel account, as a person may choose it
// for one conversation.
type Template struct {
	ID           string           `json:"id"`
	Name         string           `json:"name"`
	Language     string           `json:"language"`
	Category     string           `json:"category" doc:"As the provider names it: UTILITY, MARKETING, AUTHENTICATION"`
	State        string           `json:"state" doc:"As the provider names it: APPROVED, PENDING, REJECTED, PAUSED, DISABLED"`
	Header       string           `json:"header"`
	HeaderKind   string           `json:"header_kind" doc:"text, image, video, document; empty = no header"`
	Body         string           `json:"body"`
	Footer       string           `json:"footer"`
	HeaderParams []string         `json:"header_params" nullable:"false"`
	Params       []string         `json:"params" nullable:"false" doc:"Names of the body's parameters, in order"`
	Named        bool             `json:"named" doc:"Its parameters have names: send them in names, too"`
	Buttons      []TemplateButton `json:"buttons" nullable:"false"`
	Blocked      string           `json:"blocked" doc:"Why it cannot be sent in this conversation now; empty = it can"`
	Words        string           `json:"words" doc:"The same for people"`
}

// TemplateButton is a button of a template.
type TemplateButton struct {
	Kind  string `json:"kind"`
	Label string `json:"label"`
	URL   string `json:"url"`
	Param bool   `json:"param" doc:"Its address takes a value"`
}

// TemplateList is what may be sent, with how fresh that is.
type TemplateList struct {
	Items    []Template `json:"items" nullable:"false"`
	Channel  desk.ID    `json:"channel_id"`
	SyncedAt moment     `json:"synced_at" doc:"When the provider was asked last; null = never"`
	Fault    string     `json:"fault" doc:"Why it could not be asked last"`
	Words    string     `json:"words" doc:"The same for people"`
	InWindow bool       `json:"in_window" doc:"A free message is allowed, too"`
}

// TemplateUse is a template with its values.
type TemplateUse struct {
	Name     string          `json:"name" minLength:"1" maxLength:"512"`
	Language string          `json:"language" minLength:"1" maxLength:"20"`
	Header   []string        `json:"header,omitempty" maxItems:"10"`
	Params   []string        `json:"params,omitempty" maxItems:"50"`
	Names    []string        `json:"names,omitempty" maxItems:"50"`
	Buttons  []TemplateValue `json:"buttons,omitempty" maxItems:"10"`
}

// TemplateValue fills the parameter of one button.
type TemplateValue struct {
	Index int    `json:"index" minimum:"0" maximum:"9"`
	Kind  string `json:"kind" maxLength:"40"`
	Value string `json:"value" maxLength:"2000"`
}

// Templates reads the approved texts of channel accounts.
type Templates interface {
	ReadTemplates(ctx context.Context, ws, account desk.ID) error
}

func templateRoutes(a *API) {
	declare(a, Route{ID: "list-templates", Method: http.MethodGet, Path: "/api/v1/conversations/{id}/templates", Needs: Need(desk.ReadConversations),
		Tag: "messages", Summary: "Approved texts that may be sent outside the reply window"},
		func(ctx context.Context, c *call, in *ByID) (*given[TemplateList], error) {
			return reply(a.templates(ctx, c, in.id()))
		})
	declare(a, Route{ID: "read-templates", Method: http.MethodPost, Path: "/api/v1/conversations/{id}/templates/read", Needs: Need(desk.Reply),
		Status: http.StatusOK, Tag: "messages", Summary: "Ask the provider for its approved texts now"}, a.readTemplates)
}

func (a *API) readTemplates(ctx context.Context, c *call, in *ByID) (*given[TemplateList], error) {
	all, err := a.Inbox.Templates(ctx, c.Workspace.ID, in.id())
	if err != nil {
		return nil, err
	}
	if err := a.Templates.ReadTemplates(ctx, c.Workspace.ID, all.Account); err != nil {
		return nil, err
	}
	return reply(a.templates(ctx, c, in.id()))
}

func (a *API) templates(ctx context.Context, c *call, conversation desk.ID) (TemplateList, error) {
	all, err := a.Inbox.Templates(ctx, c.Workspace.ID, conversation)
	out := TemplateList{Items: []Template{}, Channel: all.Account, SyncedAt: moment(all.SyncedAt), Fault: all.Fault, Words: channel.Words(c.locale, all.Fault),
		InWindow: all.InWindow}
	for _, t := range all.Items {
		out.Items = append(out.Items, templateOf(t, c.locale))
	}
	return out, err
}

func templateOf(t inbox.Choice, locale string) Template {
	out := Template{ID: t.ID, Name: t.Name, Language: t.Language, Category: t.Category, State: t.State, Header: t.Header, HeaderKind: t.HeaderKind,
		Body: t.Body, Footer: t.Footer, HeaderParams: orEmpty(desk.Blanks(t.Header)), Params: orEmpty(desk.Blanks(t.Body)), Named: t.Named,
		Buttons: []TemplateButton{}, Blocked: t.Blocked, Words: channel.Words(locale, t.Blocked)}
	for _, b := range t.Buttons {
		out.Buttons = append(out.Buttons, TemplateButton{b.Kind, b.Label, b.URL, b.Kind == "url" && len(desk.Blanks(b.URL)) > 0})
	}
	return out
}

func (u TemplateUse) use() desk.TemplateUse {
	out := desk.TemplateUse{Name: u.Name, Language: u.Language, Header: u.Header, Params: u.Params, Names: u.Names}
	for _, b := range u.Buttons {
		out.Buttons = append(out.Buttons, desk.TemplateParam{Index: b.Index, Kind: b.Kind, Value: b.Value})
	}
	return out
}

func (a *API) sendTemplate(ctx context.Context, c *call, in *sendBody) (desk.Message, error) {
	b := in.Body
	if b.Body != "" || b.Kind == desk.KindNote || b.ReplyTo != 0 || b.Close || len(b.Files) > 0 {
		return desk.Message{}, desk.Fail(desk.Invalid, "template_alone", "a template is a message of its own: send nothing beside it")
	}
	m, err := a.Inbox.SendTemplate(ctx, c.Workspace.ID, in.id(), c.Actor, inbox.TemplateReply{Use: b.Template.use(), ClientID: in.Key})
	return m, perParam(err, c.locale)
}

// perParam says of each value of a template by itself what is wrong with it.
func perParam(err error, locale string) error {
	var faults channel.ParamFaults
	var e *desk.Error
	if !errors.As(err, &faults) || !errors.As(err, &e) {
		return err
	}
	var fields fieldErrors
	for _, f := range faults {
		fields = append(fields, ProblemField{"body.template." + f.Part + "[" + strconv.Itoa(f.Index) + "]", channel.Words(locale, f.Reason)})
	}
	told := *e
	told.Cause = fields
	return &told
}
