package api

import (
	"context"
	"encoding/json"
	"html"
	"net/http"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Channel is one connected page, number or widget.
type Channel struct {
	ID          desk.ID         `json:"id"`
	Kind        string          `json:"kind"`
	Name        string          `json:"name"`
	State       string          `json:"state" enum:"active,off,reconnect_needed,gone"`
	Mode        string          `json:"mode" enum:",off,draft,autopilot" doc:"Empty = the workspace's"`
	Paused      bool            `json:"paused"`
	LastEventAt moment          `json:"last_event_at"`
	Snippet     string          `json:"snippet" doc:"What a website puts on its pages; empty for other channels"`
	Settings    json.RawMessage `json:"settings"`
	// Of an account at a provider:
	ConnectedAt moment              `json:"connected_at"`
	TokenUntil  moment              `json:"token_until" doc:"End of the access; empty = without end"`
	Notice      ChannelNotice       `json:"notice" doc:"What somebody has to look at"`
	Details     opt[AccountDetails] `json:"details" doc:"What the provider tells of the account; null for a website chat"`
}

type newChannelBody struct {
	Body struct {
		Kind string `json:"kind" maxLength:"20" example:"widget"`
		Name string `json:"name" minLength:"1" maxLength:"100"`
	}
}

type channelBody struct {
	ByID
	Body struct {
		Name     *string                     `json:"name,omitempty" minLength:"1" maxLength:"100"`
		Mode     *string                     `json:"mode,omitempty" enum:",off,draft,autopilot"`
		Paused   *bool                       `json:"paused,omitempty"`
		State    *string                     `json:"state,omitempty" enum:"active,off"`
		Settings *map[string]json.RawMessage `json:"settings,omitempty" doc:"Fields to change; those left out stay"`
	}
}

func channelRoutes(a *API) {
	declare(a, Route{ID: "list-channels", Method: http.MethodGet, Path: "/api/v1/channels", Needs: Need(desk.ReadChannels),
		Tag: "channels", Summary: "The workspace's channels"}, a.listChannels)
	declare(a, Route{ID: "add-channel", Method: http.MethodPost, Path: "/api/v1/channels", Needs: Need(desk.WriteChannels), Status: http.StatusCreated,
		Tag: "channels", Summary: "Add a website chat"}, a.addChannel)
	declare(a, Route{ID: "get-channel", Method: http.MethodGet, Path: "/api/v1/channels/{id}", Needs: Need(desk.ReadChannels),
		Tag: "channels", Summary: "One channel"},
		func(ctx context.Context, c *call, in *ByID) (*given[Channel], error) {
			return reply(a.showChannel(ctx, c, in.id()))
		})
	declare(a, Route{ID: "change-channel", Method: http.MethodPatch, Path: "/api/v1/channels/{id}", Needs: Need(desk.WriteChannels),
		Tag: "channels", Summary: "Change a channel"}, a.changeChannel)
	declare(a, Route{ID: "drop-channel", Method: http.MethodDelete, Path: "/api/v1/channels/{id}", Needs: Need(desk.WriteChannels),
		Status: http.StatusNoContent, Tag: "channels", Summary: "Remove a website chat; its conversations stay"}, a.dropChannel)
}

// looks are the attributes that let the launcher show itself right before the
// chat is opened for the first time.
func looks(settings json.RawMessage) string {
	var set widgetSettings
	if json.Unmarshal(settings, &set) != nil {
		return ""
	}
	text := ""
	if set.Colour != "" {
		text += ` data-colour="` + html.EscapeString(set.Colour) + `"`
	}
	if set.Position == "start" {
		text += ` data-position="start"`
	}
	return text
}

// embedded reports a channel that lives on the business's own pages: it has no
// outside service to connect to, so adding it is all there is to do.
func embedded(ch channel.Channel) bool {
	_, own := ch.(channel.Defaulter)
	return own && ch.Info().Door == ""
}

func withKey(settings json.RawMessage, key string) json.RawMessage {
	fields := map[string]json.RawMessage{}
	if json.Unmarshal(settings, &fields) != nil {
		return settings
	}
	fields["key"], _ = json.Marshal(key) // a string always marshals
	if out, err := json.Marshal(fields); err == nil {
		return out
	}
	return settings
}

func (a *API) addChannel(ctx context.Context, c *call, in *newChannelBody) (*given[Channel], error) {
	name := text.Normalise(in.Body.Name, 100)
	ch, err := a.Channels.Find(in.Body.Kind)
	switch {
	case name == "":
		return nil, desk.Fail(desk.Invalid, "name_missing", "a channel needs a name")
	case err != nil || !embedded(ch):
		return nil, desk.Fail(desk.Invalid, "unknown_channel", "this kind of channel cannot be added here")
	}
	settings, err := ch.(channel.Defaulter).CheckSettings(json.RawMessage("{}"))
	if err != nil {
		return nil, err
	}
	acct := desk.Account{Workspace: c.Workspace.ID, Kind: in.Body.Kind, OutsideID: secret.Token()[:22], Name: name,
		State: desk.AccountActive, Settings: settings}
	err = c.ws.Write(ctx, func(tx *store.Tx) error {
		acct.ID, acct.ConnectedAt = tx.NewID(), tx.Now()
		if err := tx.InsertAccount(acct); err != nil {
			return err
		}
		if err := a.recorded(tx, c, "channel.add", acct.ID); err != nil {
			return err
		}
		return a.Flow.Emit(tx, desk.Event{Kind: desk.ChannelChanged, Object: acct.ID})
	})
	return reply(a.channelOf(c.locale, acct, store.Card{}), err)
}

// changeChannel changes name, state and settings here; how far the AI may go is
// the inbox's business, as for the workspace.
func (a *API) changeChannel(ctx context.Context, c *call, in *channelBody) (*given[Channel], error) {
	err := c.ws.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.ChangeAccount(in.id(), func(acct *desk.Account) error { return a.applyChannel(in, acct) }); err != nil {
			return err
		}
		if err := a.recorded(tx, c, "channel.change", in.id()); err != nil {
			return err
		}
		return a.Flow.Emit(tx, desk.Event{Kind: desk.ChannelChanged, Object: in.id()})
	})
	if err == nil && (in.Body.Mode != nil || in.Body.Paused != nil) {
		_, err = a.Inbox.SteerChannel(ctx, c.Workspace.ID, in.id(), c.Actor, steer(in.Body.Mode, in.Body.Paused))
	}
	if err != nil {
		return nil, err
	}
	return reply(a.showChannel(ctx, c, in.id()))
}

func (a *API) applyChannel(in *channelBody, acct *desk.Account) error {
	b := in.Body
	if b.Name != nil {
		if acct.Name = text.Normalise(*b.Name, 100); acct.Name == "" {
			return desk.Fail(desk.Invalid, "name_missing", "a channel needs a name")
		}
	}
	if b.State != nil {
		acct.State = desk.AccountState(*b.State)
	}
	if b.Settings == nil {
		return nil
	}
	ch, err := a.Channels.Find(acct.Kind)
	if err != nil {
		return err
	}
	own, ok := ch.(channel.Defaulter)
	if !ok {
		return desk.Fail(desk.Invalid, "no_settings", "this channel has no settings")
	}
	acct.Settings, err = merged(own, acct.Settings, *b.Settings)
	return err
}

// merged lays the fields that came over the ones that stand; the key belongs to
// the account and is shown only.
func merged(own channel.Defaulter, old json.RawMessage, change map[string]json.RawMessage) (json.RawMessage, error) {
	fields := map[string]json.RawMessage{}
	if len(old) > 0 {
		if err := json.Unmarshal(old, &fields); err != nil {
			return nil, err
		}
	}
	for name, value := range change {
		if name != "key" {
			fields[name] = value
		}
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	return own.CheckSettings(raw)
}

func (a *API) dropChannel(ctx context.Context, c *call, in *ByID) (*nothing, error) {
	return nil, c.ws.Write(ctx, func(tx *store.Tx) error {
		acct, err := tx.Account(in.id())
		if err != nil {
			return err
		}
		if ch, err := a.Channels.Find(acct.Kind); err == nil && !embedded(ch) { // its tokens and its subscription would be left
			return desk.Fail(desk.Conflict, "disconnect_first", "this account is connected to a provider; disconnect it instead")
		}
		if err := tx.DeleteAccount(in.id()); err != nil {
			return err
		}
		if err := a.recorded(tx, c, "channel.drop", in.id()); err != nil {
			return err
		}
		return a.Flow.Emit(tx, desk.Event{Kind: desk.ChannelChanged, Object: in.id()})
	})
}
