package prove

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/promise"
	"parley/sim/meta"
)

// roles are whose eyes a check may see with.
var roles = [...]desk.Role{desk.RoleOwner, desk.RoleAdmin, desk.RoleAgent, desk.RoleAnalyst, desk.RoleBilling, desk.RolePrivacy}

// Names of the two workspaces, and of what is connected to the first.
const (
	canaryName, otherName = "Canary Goods", "Other Goods"
	spareName             = "Canary Spare" // a page that is offered and never ticked
	shop                  = "https://shop.canary.example"
)

// fill makes two workspaces, a key for every role of each, and connects channels
// of all four kinds to the first.
func (m *model) fill(ctx context.Context) error {
	if err := m.cutKeys(ctx); err != nil {
		return err
	}
	who := app.AddUser{Workspace: canaryName, Email: "deniz@canary.example", Name: "Deniz", Role: desk.RoleAgent, Password: hex.EncodeToString(secret.Random(16))}
	if _, err := m.app.AddUser(ctx, who); err != nil {
		return err
	}
	m.place.MemberMail, m.place.MemberPassword = who.Email, who.Password
	m.operator = app.AddUser{Workspace: "Operations", Email: "operator@canary.example", Name: "Ops", Role: desk.RoleOperator, Password: hex.EncodeToString(secret.Random(16))}
	if _, err := m.app.AddUser(ctx, m.operator); err != nil {
		return err
	}
	if err := m.publish(ctx); err != nil {
		return err
	}
	m.place.URL, m.place.Shop = m.url, shop
	if err := m.connect(ctx); err != nil {
		return err
	}
	var chat struct {
		ID       string
		Snippet  string
		Settings map[string]any
	}
	err := m.good(ctx, "POST", "/api/v1/channels", map[string]any{"kind": "widget", "name": canaryName}, &chat)
	if err != nil {
		return err
	}
	_, key, _ := strings.Cut(chat.Snippet, `data-key="`)
	m.place.Widget, _, _ = strings.Cut(key, `"`)
	chat.Settings["domains"] = []string{shop}
	if err := m.good(ctx, "PATCH", "/api/v1/channels/"+chat.ID, map[string]any{"settings": chat.Settings}, nil); err != nil {
		return err
	}
	return m.Settle(ctx)
}

// keyLife is after which time the keys are made anew: before they end by themselves.
const keyLife = 200 * 24 * time.Hour

// cutKeys makes a key for every role of both workspaces.
func (m *model) cutKeys(ctx context.Context) error {
	m.keyed = m.Now()
	for _, other := range []bool{false, true} {
		name := canaryName
		if other {
			name = otherName
		}
		for _, role := range roles {
			k, err := m.app.AddKey(ctx, app.AddKey{Workspace: name, Name: string(role), Role: role})
			if err != nil {
				return err
			}
			m.tokens[promise.As{Role: string(role), Other: other}] = k.Token
			if other {
				m.place.Other = k.WorkspaceID.String()
			} else {
				m.place.Workspace = k.WorkspaceID.String()
			}
		}
	}
	return nil
}

// publish says who operates the program, and makes the first version of its policy.
func (m *model) publish(ctx context.Context) error {
	m.place.Operator = map[string]string{"name": "Canary Operations Ltd", "product": "Parley", "address": "1 Canary Street, 1010 Wien", "country": "Austria", "role": "own",
		"privacy_mail": "privacy@canary.example", "officer_mail": "officer@canary.example", "representative": "Canary Representatives GmbH, Wien",
		"hosting": "Canary Hosting GmbH", "region": "Frankfurt, Germany", "site": "https://www.canary.example"}
	if err := m.asked(ctx, desk.RoleOperator, "PUT", "/api/v1/instance/operator-profile", m.place.Operator); err != nil {
		return err
	}
	return m.asked(ctx, desk.RoleOperator, "POST", "/api/v1/instance/policies", map[string]any{"material": false, "reason": "the first version", "purpose": ""})
}

func (m *model) asked(ctx context.Context, role desk.Role, method, path string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	a, err := m.HTTP(ctx, promise.Ask{As: promise.As{Role: string(role)}, Method: method, Path: path, Body: raw, Header: http.Header{"Idempotency-Key": {"model" + path}}})
	if err == nil && a.Status >= 300 {
		err = fmt.Errorf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	return err
}

// connect signs in at the stand-in for Meta and brings in a page, an Instagram
// account and a number.
func (m *model) connect(ctx context.Context) error {
	m.owner = m.meta.Person("Selin Koç")
	m.page = m.owner.Page(canaryName)
	m.owner.Page(spareName) // which nobody connects
	m.ig = m.owner.Instagram("canary.goods", m.page)
	m.number = m.owner.WABA(canaryName, "902125550142").Numbers[0]
	m.place.Page, m.place.Instagram, m.place.Number = m.page.ID, m.ig.ID, m.number.ID
	if _, err := m.app.SetWorkspace(ctx, app.SetWorkspace{Workspace: canaryName, Entitlement: []string{"whatsapp"}}); err != nil {
		return err
	}
	for _, way := range [][2]string{{"messenger", "facebook"}, {"instagram", "facebook"}, {"whatsapp", "whatsapp"}} {
		if err := m.bring(ctx, way[0], way[1]); err != nil {
			return fmt.Errorf("%s: %w", way[0], err)
		}
	}
	return nil
}

func (m *model) bring(ctx context.Context, kind, way string) error {
	var begun struct{ URL string }
	if err := m.good(ctx, "POST", "/api/v1/channels/connect", map[string]any{"kind": kind, "way": way, "acknowledged": true}, &begun); err != nil {
		return err
	}
	back, err := m.meta.Approve(begun.URL, meta.Choice{})
	if err != nil {
		return err
	}
	u, err := url.Parse(back)
	if err != nil {
		return err
	}
	var offer struct {
		ID       string
		Accounts []struct {
			Kind, Name, Blocked string
			OutsideID           string `json:"outside_id"`
		}
	}
	err = m.good(ctx, "POST", "/api/v1/channels/connect/finish", map[string]any{"state": u.Query().Get("state"), "code": u.Query().Get("code")}, &offer)
	if err != nil {
		return err
	}
	var ticked []map[string]string
	for _, a := range offer.Accounts {
		if a.Kind == kind && a.Blocked == "" && a.Name != spareName {
			ticked = append(ticked, map[string]string{"kind": a.Kind, "outside_id": a.OutsideID})
		}
	}
	var done struct {
		Items []struct{ Code, Text string }
	}
	if err := m.good(ctx, "POST", "/api/v1/channels/connect/confirm", map[string]any{"offer_id": offer.ID, "accounts": ticked}, &done); err != nil {
		return err
	}
	if len(done.Items) == 0 || done.Items[0].Code != "" {
		return fmt.Errorf("it was not connected: %+v", done)
	}
	return nil
}

// good asks as the owner of the canary workspace; anything but a success is an
// error.
func (m *model) good(ctx context.Context, method, path string, body, out any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	a, err := m.HTTP(ctx, promise.Ask{As: promise.As{Role: string(desk.RoleOwner)}, Method: method, Path: path, Body: raw})
	if err != nil {
		return err
	}
	if a.Status >= 300 {
		return fmt.Errorf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(a.Body, out)
}
