package api

import (
	"context"
	"encoding/json"
	"html"

	"parley/internal/channel"
	"parley/internal/connect"
	"parley/internal/desk"
	"parley/internal/store"
)

// ChannelNotice is what is wrong with a channel or will be; Code is empty when
// nothing is.
type ChannelNotice struct {
	Code  string `json:"code"`
	Level string `json:"level" enum:",warn,bad"`
	Text  string `json:"text"`
}

// AccountDetails is the business metadata of an account, gone when it is
// disconnected. Pictures stay with the provider: a browser that fetched one would
// tell it who looks.
type AccountDetails struct {
	Login         string `json:"login" doc:"facebook, instagram or whatsapp"`
	Pasted        bool   `json:"pasted" doc:"A token that somebody pasted"`
	Username      string `json:"username"`
	DisplayName   string `json:"display_name"`
	AccountType   string `json:"account_type"`
	Category      string `json:"category"`
	Followers     int64  `json:"followers"`
	PageID        string `json:"page_id"`
	InstagramID   string `json:"instagram_id"`
	BusinessID    string `json:"business_id"`
	WABAID        string `json:"waba_id"`
	PhoneNumberID string `json:"phone_number_id"`
	Phone         string `json:"phone"`
	PhoneVerified string `json:"phone_verified"`
	VerifiedName  string `json:"verified_name"`
	Quality       string `json:"quality"`
	CheckedAt     moment `json:"checked_at"`
}

// showChannel reads an account with what is kept beside it.
func (a *API) showChannel(ctx context.Context, c *call, id desk.ID) (out Channel, err error) {
	err = c.ws.Read(ctx, func(rx *store.Rx) error {
		acct, err := rx.Account(id)
		if err != nil {
			return err
		}
		card, err := rx.Card(id)
		out = a.channelOf(c.locale, acct, card)
		return err
	})
	return out, err
}

func (a *API) listChannels(ctx context.Context, c *call, _ *Paging) (*given[Page[Channel]], error) {
	out := Page[Channel]{Items: []Channel{}}
	err := c.ws.Read(ctx, func(rx *store.Rx) error {
		all, err := rx.Accounts()
		out.Items = out.Items[:0]
		for _, acct := range all {
			if err != nil || acct.State == desk.AccountGone {
				continue
			}
			var card store.Card
			card, err = rx.Card(acct.ID)
			out.Items = append(out.Items, a.channelOf(c.locale, acct, card))
		}
		return err
	})
	return reply(out, err)
}

func (a *API) channelOf(locale string, acct desk.Account, card store.Card) Channel {
	out := Channel{ID: acct.ID, Kind: acct.Kind, Name: acct.Name, State: string(acct.State), Mode: string(acct.Mode), Paused: acct.Paused,
		LastEventAt: moment(acct.LastEventAt), Settings: acct.Settings, ConnectedAt: moment(acct.ConnectedAt)}
	ch, err := a.Channels.Find(acct.Kind)
	switch {
	case err != nil:
	case embedded(ch):
		out.Snippet = `<script async src="` + html.EscapeString(a.Config.PublicURL) + `/widget.js" data-key="` + html.EscapeString(acct.OutsideID) + `"` + looks(acct.Settings) + `></script>`
		out.Settings = withKey(acct.Settings, acct.OutsideID)
	case acct.State != desk.AccountGone:
		out.Details, out.TokenUntil = some(detailsOf(card)), moment(card.Details.TokenUntil)
		n := connect.Notice(acct, card, a.Clock.Now())
		out.Notice = ChannelNotice{Code: n.Reason, Text: channel.Words(locale, n.Reason)}
		switch {
		case n.Warn:
			out.Notice.Level = "warn"
		case !n.OK:
			out.Notice.Level = "bad"
		}
	}
	if len(out.Settings) == 0 {
		out.Settings = json.RawMessage("{}")
	}
	return out
}

func detailsOf(card store.Card) AccountDetails {
	d := card.Details
	return AccountDetails{Login: d.Login, Pasted: d.Pasted, Username: d.Username, DisplayName: d.DisplayName, AccountType: d.AccountType,
		Category: d.Category, Followers: d.Followers, PageID: d.PageID, InstagramID: d.InstagramID, BusinessID: d.BusinessID, WABAID: d.WABA,
		PhoneNumberID: d.PhoneNumberID, Phone: d.Phone, PhoneVerified: d.PhoneVerified, VerifiedName: d.VerifiedName, Quality: d.Quality,
		CheckedAt: moment(card.CheckedAt)}
}
