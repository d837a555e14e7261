package meta

import (
	"slices"
	"time"
)

// Lives of tokens and codes.
const (
	shortLife     = 2 * time.Hour
	instagramLife = time.Hour
	longLife      = 5183944 * time.Second // about sixty days, as Meta prints it
	refreshAge    = 24 * time.Hour        // before that a token cannot be refreshed
	codeLife      = 10 * time.Minute
	signupLife    = 30 * time.Second
	instagramCode = time.Hour
	dataAccess    = 90 * 24 * time.Hour
)

// token is an access token.
type token struct {
	value     string
	kind      string // USER, PAGE, SYSTEM_USER, INSTAGRAM
	person    *Person
	page      *Page
	ig        *Instagram
	waba      *WABA    // business integration tokens reach one account
	scopes    []string // granted
	targets   []string // assets the person ticked; nil = all of theirs
	made      time.Time
	ends      time.Time // zero = never
	long      bool
	deadSub   int // 190 sub-code it died of
	refreshed time.Time
}

// code is what a dialog hands over for a token.
type code struct {
	value    string
	redirect string
	person   *Person
	ig       *Instagram
	waba     *WABA
	signup   bool
	scopes   []string
	targets  []string
	ends     time.Time
}

func (s *Sim) mint(t *token) *token {
	prefix := "EAAt"
	if t.kind == "INSTAGRAM" {
		prefix = "IGAAt"
	}
	t.value = s.newToken(prefix)
	t.made = s.clk.Now()
	s.tokens[t.value] = t
	return t
}

// dead gives the refusal of a token that does not work any more. The lock is
// held.
func (s *Sim) dead(t *token) *fault {
	if t.deadSub == 0 && !t.ends.IsZero() && !s.clk.Now().Before(t.ends) {
		t.deadSub = 463
	}
	if t.deadSub == 0 {
		return nil
	}
	return tokenFault(t.deadSub, t.ends, s.clk.Now())
}

func tokenFault(sub int, ends, now time.Time) *fault {
	text := map[int]string{
		458: "Error validating access token: The user has not authorized application.",
		459: "Error validating access token: You cannot access the app till you log in to www.facebook.com and follow the instructions given.",
		460: "Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.",
		463: "Error validating access token: Session has expired on " + ends.Format("Monday, 02-Jan-06 15:04:05 MST") + ". The current time is " + now.Format("Monday, 02-Jan-06 15:04:05 MST") + ".",
		464: "Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user.",
		467: "Error validating access token: The access token is invalid.",
		492: "Error validating access token: Session does not match current stored session. The user may have lost a role on the page.",
	}[sub]
	return &fault{status: 400, code: 190, sub: sub, message: text}
}

// reaches reports whether the token opens an asset.
func (t *token) reaches(asset string) bool {
	switch {
	case t.page != nil:
		return t.page.ID == asset || t.page.Instagram != nil && t.page.Instagram.ID == asset
	case t.ig != nil:
		return t.ig.ID == asset || t.ig.ScopedID == asset
	case t.waba != nil:
		return t.waba.ID == asset
	}
	return slices.ContainsFunc(t.person.assets(), func(id string) bool {
		return id == asset && (t.targets == nil || slices.Contains(t.targets, id))
	})
}

func (p *Person) assets() []string {
	var out []string
	if p == nil {
		return nil
	}
	for _, x := range p.pages {
		out = append(out, x.ID)
	}
	for _, x := range p.igs {
		out = append(out, x.ID)
	}
	for _, x := range p.wabas {
		out = append(out, x.ID)
	}
	return out
}

func (t *token) may(scope string) bool { return slices.Contains(t.scopes, scope) }

// The permissions a dialog knows.
func facebookScopes() []string {
	return []string{"public_profile", "email", "pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement",
		"pages_utility_messaging", "business_management", "instagram_basic", "instagram_manage_messages", "instagram_manage_comments",
		"whatsapp_business_management", "whatsapp_business_messaging"}
}

func instagramScopes() []string {
	return []string{"instagram_business_basic", "instagram_business_manage_messages", "instagram_business_manage_comments",
		"instagram_business_content_publish"}
}

// UserToken gives a short-lived token of the person with every permission.
func (p *Person) UserToken() string {
	return p.sim.mintFor(&token{kind: "USER", person: p, scopes: facebookScopes(), ends: p.sim.clk.Now().Add(shortLife)})
}

// SystemToken gives a token of a system user: it does not end by itself.
func (p *Person) SystemToken() string {
	return p.sim.mintFor(&token{kind: "SYSTEM_USER", person: p, scopes: facebookScopes(), long: true})
}

// Token gives a page token without end.
func (p *Page) Token() string {
	return p.sim.mintFor(&token{kind: "PAGE", page: p, scopes: facebookScopes(), long: true})
}

// Token gives a long-lived Instagram token, sixty days from now.
func (ig *Instagram) Token() string {
	return ig.sim.mintFor(&token{kind: "INSTAGRAM", ig: ig, scopes: instagramScopes(), long: true, ends: ig.sim.clk.Now().Add(longLife)})
}

// Token gives a token for the account alone, as embedded sign-up does.
func (w *WABA) Token() string {
	return w.sim.mintFor(&token{kind: "SYSTEM_USER", waba: w, long: true, scopes: []string{"business_management", "whatsapp_business_management", "whatsapp_business_messaging"}})
}

func (s *Sim) mintFor(t *token) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.person == nil {
		t.person = s.owner(func(p *Person) bool {
			return t.page != nil && slices.Contains(p.pages, t.page) || t.ig != nil && slices.Contains(p.igs, t.ig) || t.waba != nil && slices.Contains(p.wabas, t.waba)
		})
	}
	return s.mint(t).value
}

// Revoke kills every token of the person, and those of the pages and accounts
// that rest on them; sub is the 190 sub-code (458 app removed, 460 password
// changed …), 0 = 460. It gives how many died.
func (p *Person) Revoke(sub int) int {
	n := 0
	p.sim.locked(func() {
		for _, t := range p.sim.tokens {
			if t.person == p && t.deadSub == 0 {
				t.deadSub = or2(sub, 460)
				n++
			}
		}
	})
	return n
}

// Expire ends one token now, as if its time had passed.
func (s *Sim) Expire(value string) {
	s.locked(func() {
		if t := s.tokens[value]; t != nil {
			t.ends, t.deadSub = s.clk.Now(), 463
		}
	})
}
