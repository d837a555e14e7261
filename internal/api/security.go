package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// Security is what is open and what is weak in a workspace.
type Security struct {
	HTTPS   bool             `json:"https" doc:"People reach the install by https"`
	Mail    bool             `json:"mail" doc:"Members are mailed about new devices and changes"`
	Owners  int              `json:"owners" doc:"Who can sign in"`
	Members int              `json:"members" doc:"Who can sign in"`
	Idle    []Named          `json:"idle" nullable:"false" doc:"Members who can sign in and did not for 90 days"`
	Bare    []Named          `json:"no_second_factor" nullable:"false" doc:"Members who can sign in and have no second factor"`
	Keys    SecurityKeys     `json:"keys"`
	Widgets []SecurityWidget `json:"widgets" nullable:"false" doc:"Website chats that any site may show"`
}

// SecurityKeys lists the API keys that deserve a look.
type SecurityKeys struct {
	Count    int     `json:"count"`
	Unused   []Named `json:"unused" nullable:"false" doc:"Older than a week and never used, or not for 90 days"`
	Expiring []Named `json:"expiring" nullable:"false" doc:"End within 30 days"`
	Expired  []Named `json:"expired" nullable:"false"`
	Old      []Named `json:"old" nullable:"false" doc:"Made more than a year ago and still valid"`
	Wide     []Named `json:"wide" nullable:"false" doc:"May do all that an owner or admin may"`
}

// SecurityWidget is a website chat that is open to all sites.
type SecurityWidget struct {
	ID     desk.ID `json:"id"`
	Name   string  `json:"name"`
	Domain string  `json:"domain" doc:"The entry of its list that any site fits"`
}

// When something is idle, new or about to end.
const (
	idleAfter = 90 * 24 * time.Hour
	newFor    = 7 * 24 * time.Hour
	endsSoon  = 30 * 24 * time.Hour
	oldAfter  = 365 * 24 * time.Hour
	lookedAt  = 1000 // members and keys
)

func securityRoutes(a *API) {
	declare(a, Route{ID: "security", Method: http.MethodGet, Path: "/api/v1/security", Needs: Need(desk.ReadSecurity),
		Tag: "workspace", Summary: "What is open and what is weak"}, a.security)
}

func (a *API) security(ctx context.Context, c *call, _ *nothing) (*given[Security], error) {
	at, err := url.Parse(a.Config.PublicURL)
	out := Security{HTTPS: err == nil && at.Scheme == "https", Mail: a.Members.Mails(), Idle: []Named{}, Bare: []Named{}, Widgets: []SecurityWidget{},
		Keys: SecurityKeys{Unused: []Named{}, Expiring: []Named{}, Expired: []Named{}, Old: []Named{}, Wide: []Named{}}}
	err = c.ws.Read(ctx, func(r *store.Rx) error {
		members, err := r.Members(0, lookedAt)
		if err != nil {
			return err
		}
		keys, err := r.AccessKeys(0, lookedAt)
		if err != nil {
			return err
		}
		accounts, err := r.Accounts()
		if err != nil {
			return err
		}
		factors, err := r.FactorCounts()
		if err != nil {
			return err
		}
		out.members(members, factors, a.Clock.Now())
		out.Keys.look(keys, a.Clock.Now())
		out.widgets(accounts)
		return nil
	})
	return reply(out, err)
}

func (s *Security) members(all []desk.Member, factors map[desk.ID]int, now time.Time) {
	for _, m := range all {
		if !m.Active {
			continue
		}
		s.Members++
		if m.Role == desk.RoleOwner {
			s.Owners++
		}
		if factors[m.ID] == 0 {
			s.Bare = append(s.Bare, Named{m.ID, m.Name})
		}
		if now.Sub(m.LastSeenAt) > idleAfter && now.Sub(m.CreatedAt) > idleAfter {
			s.Idle = append(s.Idle, Named{m.ID, m.Name})
		}
	}
}

func (s *SecurityKeys) look(all []store.AccessKey, now time.Time) {
	for _, k := range all {
		s.Count++
		name := Named{k.ID, k.Name}
		switch left := k.ExpiresAt.Sub(now); {
		case left <= 0:
			s.Expired = append(s.Expired, name)
			continue
		case left <= endsSoon:
			s.Expiring = append(s.Expiring, name)
		}
		if k.UsedAt.IsZero() && now.Sub(k.CreatedAt) > newFor || !k.UsedAt.IsZero() && now.Sub(k.UsedAt) > idleAfter {
			s.Unused = append(s.Unused, name)
		}
		if now.Sub(k.CreatedAt) > oldAfter {
			s.Old = append(s.Old, name)
		}
		if len(k.Scopes) == 0 && desk.Can(k.Role, desk.WriteMembers) {
			s.Wide = append(s.Wide, name)
		}
	}
}

func (s *Security) widgets(all []desk.Account) {
	for _, acct := range all {
		w, err := widgetOf(acct)
		if acct.Kind != widgetKind || acct.State != desk.AccountActive || err != nil {
			continue
		}
		if pattern, open := w.openToAll(); open {
			s.Widgets = append(s.Widgets, SecurityWidget{acct.ID, acct.Name, pattern})
		}
	}
}

// openToAll finds the entry of the list that some site nobody named fits.
func (w widget) openToAll() (pattern string, open bool) {
	nobody := &url.URL{Scheme: "https", Host: "nobody-named-this.invalid"}
	for _, p := range w.allowed() {
		if covers(p, nobody) {
			return p, true
		}
	}
	return "", false
}
