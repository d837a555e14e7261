package meta

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// pick gives the fields a GET asked for, in the order asked; standard ones when
// it named none. The id is always there.
func (c *call) pick(all obj, standard ...string) (obj, *fault) {
	asked := standard
	if list := c.in.str("fields"); list != "" {
		asked = splitFields(list)
	}
	if f := c.done(); f != nil {
		return nil, f
	}
	var out obj
	for _, name := range asked {
		name, _, _ = strings.Cut(name, "{")
		v, ok := all.get(name)
		if !ok {
			return nil, invalid("Tried accessing nonexisting field (%s)", name)
		}
		if _, missing := v.(absent); !missing {
			out = append(out, pair{name, v})
		}
	}
	if id, ok := all.get("id"); ok && !slices.Contains(asked, "id") {
		out = append(out, pair{"id", id})
	}
	return out, nil
}

// known makes an obj whose absent values stay in it: fields that exist and are
// left out of an answer, unlike those Meta has never heard of.
func known(kv ...any) obj {
	out := make(obj, 0, len(kv)/2)
	for i := 0; i+1 < len(kv); i += 2 {
		key, _ := kv[i].(string)
		out = append(out, pair{key, kv[i+1]})
	}
	return out
}

// splitFields cuts "a,b{c,d},e" at its outer commas.
func splitFields(list string) []string {
	var out []string
	level, from := 0, 0
	for i, r := range list {
		switch r {
		case '{':
			level++
		case '}':
			level--
		case ',':
			if level == 0 {
				out = append(out, strings.TrimSpace(list[from:i]))
				from = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(list[from:]))
}

func (c *call) me() (obj, *fault) {
	if f := c.needToken(); f != nil {
		return nil, f
	}
	switch t := c.tok; {
	case t.page != nil:
		return c.pick(c.pageFields(t.page), "name")
	case t.person == nil:
		return c.pick(o("id", t.waba.Business, "name", t.waba.Name), "name")
	default:
		return c.pick(o("id", t.person.ID, "name", t.person.Name), "name")
	}
}

func (c *call) pageFields(p *Page) obj {
	ig := any(absent{})
	if p.Instagram != nil {
		ig = o("id", p.Instagram.ID)
	}
	return known("id", p.ID, "name", p.Name, "category", p.Category, "instagram_business_account", ig, "followers_count", 5120, "fan_count", 5033,
		"picture", o("data", o("url", c.s.base+"/scontent.fbcdn.net/page/"+p.ID, "is_silhouette", true)), "link", "https://www.facebook.test/"+p.ID, "username", opt(""))
}

// myPages is me/accounts: page tokens of a long-lived user token do not end.
func (c *call) myPages() (obj, *fault) {
	if f := c.needScope("pages_show_list"); f != nil {
		return nil, f
	}
	limit, after := c.in.str("limit"), c.in.str("after")
	size := 25
	if limit != "" {
		size = int(number64(limit, 25))
	}
	asked := splitFields(cmp.Or(c.in.str("fields"), "id,name,access_token,category,category_list,tasks"))
	if f := c.done(); f != nil {
		return nil, f
	}
	var pages []*Page
	for _, p := range c.tok.person.pages {
		if c.tok.targets == nil || slices.Contains(c.tok.targets, p.ID) {
			pages = append(pages, p)
		}
	}
	from := 0
	if after != "" {
		from = int(number64(after, 0))
	}
	from = min(max(from, 0), len(pages))
	to := min(from+max(size, 1), len(pages))
	list := []any{}
	for _, p := range pages[from:to] {
		full := c.pageFields(p)
		full = full.with("tasks", toAny(p.tasks), "category_list", []any{o("id", "200600219953504", "name", p.Category)})
		var one obj
		for _, name := range asked {
			name, _, _ = strings.Cut(name, "{")
			if name == "access_token" {
				one = append(one, pair{name, c.pageToken(p)})
				continue
			}
			v, ok := full.get(name)
			if !ok {
				return nil, invalid("Tried accessing nonexisting field (%s) on node type (Page)", name)
			}
			if _, missing := v.(absent); missing {
				continue
			}
			one = append(one, pair{name, v})
		}
		list = append(list, one)
	}
	if len(list) == 0 {
		return o("data", list), nil
	}
	paging := o("cursors", o("before", itoa(from), "after", itoa(to)))
	if to < len(pages) {
		paging = paging.with("next", c.s.base+"/graph.facebook.com/v26.0/me/accounts?limit="+itoa(size)+"&after="+itoa(to))
	}
	return o("data", list, "paging", paging), nil
}

// pageToken mints the page's token from the user's: it lives as long as a
// short-lived one's, and has no end from a long-lived one.
func (c *call) pageToken(p *Page) string {
	t := &token{kind: "PAGE", person: c.tok.person, page: p, scopes: c.tok.scopes, long: c.tok.long}
	if !c.tok.long {
		t.ends = c.tok.ends
	}
	return c.s.mint(t).value
}

func (c *call) myPermissions() (obj, *fault) {
	if f := c.needToken(); f != nil {
		return nil, f
	}
	if c.remove() {
		for _, t := range c.s.tokens {
			if t.person == c.tok.person {
				t.deadSub = 458
			}
		}
		return o("success", true), nil
	}
	var list []any
	for _, scope := range c.tok.scopes {
		list = append(list, o("permission", scope, "status", "granted"))
	}
	return o("data", list), c.done()
}

// debugToken needs the app's own token (reference 1.5).
func (c *call) debugToken() (obj, *fault) {
	value := c.in.need("input_token")
	if f := c.done(); f != nil {
		return nil, f
	}
	if !c.appTok && c.tok == nil {
		return nil, &fault{status: 400, code: 190, message: "An access token is required to request this resource."}
	}
	t := c.s.tokens[value]
	if t == nil || t.kind == "INSTAGRAM" {
		return o("data", o("is_valid", false, "error", o("code", 190, "message", "Invalid OAuth access token - Cannot parse access token"), "scopes", []any{})), nil
	}
	d := o("app_id", c.s.opt.AppID, "type", t.kind, "application", "Parley", "issued_at", t.made.Unix(), "expires_at", unix(t.ends))
	if t.person != nil {
		d = d.with("data_access_expires_at", t.person.asked.Add(dataAccess).Unix(), "user_id", t.person.ID)
	}
	if f := c.s.dead(t); f != nil {
		return o("data", d.with("is_valid", false, "error", o("code", 190, "subcode", f.sub, "message", f.message), "scopes", []any{})), nil
	}
	if t.page != nil {
		d = d.with("profile_id", t.page.ID)
	}
	return o("data", d.with("is_valid", true, "scopes", toAny(t.scopes), "granular_scopes", t.granular())), nil
}

// granular says which assets each permission reaches.
func (t *token) granular() []any {
	list := []any{}
	for _, scope := range t.scopes {
		var ids []any
		for _, id := range t.assetsOf(scope) {
			ids = append(ids, id)
		}
		list = append(list, o("scope", scope, "target_ids", when(len(ids) > 0, ids)))
	}
	return list
}

func (t *token) assetsOf(scope string) []string {
	var out []string
	add := func(id string) {
		if t.targets == nil || slices.Contains(t.targets, id) {
			out = append(out, id)
		}
	}
	if t.waba != nil && strings.HasPrefix(scope, "whatsapp_") {
		return []string{t.waba.ID}
	}
	if t.person == nil {
		return nil
	}
	switch {
	case strings.HasPrefix(scope, "pages_"):
		for _, p := range t.person.pages {
			add(p.ID)
		}
	case strings.HasPrefix(scope, "instagram_"):
		for _, ig := range t.person.igs {
			add(ig.ID)
		}
	case strings.HasPrefix(scope, "whatsapp_"):
		for _, w := range t.person.wabas {
			add(w.ID)
		}
	}
	return out
}

// accountNode is an Instagram account read through its page.
func (c *call) accountNode(ig *Instagram, edge string) (obj, *fault) {
	if f := c.needScope("instagram_basic"); f != nil {
		return nil, f
	}
	if !c.tok.reaches(ig.ID) || !c.get() || edge != "" {
		return nil, noSuchNode(c.r.Method, ig.ID)
	}
	return c.pick(o("id", ig.ID, "username", ig.Username, "name", ig.title(), "followers_count", ig.Followers, "profile_picture_url",
		c.s.base+"/scontent.fbcdn.net/ig/"+ig.ID, "biography", "", "media_count", 12), "id")
}

// ownAccount is the account of an Instagram login token.
func (c *call) ownAccount(ig *Instagram, edge string) (obj, *fault) {
	switch {
	case edge == "" && c.get():
		if f := c.needScope("instagram_business_basic"); f != nil {
			return nil, f
		}
		return c.pick(o("id", ig.ScopedID, "user_id", ig.ID, "username", ig.Username, "name", ig.title(), "account_type", ig.AccountType,
			"profile_picture_url", c.s.base+"/scontent.fbcdn.net/ig/"+ig.ID, "followers_count", ig.Followers, "follows_count", 87, "media_count", 12), "id")
	case edge == "subscribed_apps":
		return c.accountSubscription(ig)
	case edge == "conversations" && c.get():
		return c.conversations(ig.ID)
	case edge == "":
		return nil, unsupportedMethod()
	}
	return nil, unknownPath("/" + edge)
}

func (n *Number) node() obj {
	status := "CONNECTED"
	if !n.registered {
		status = "PENDING"
	}
	return o("id", n.ID, "display_phone_number", n.Display, "verified_name", n.VerifiedName, "quality_rating", n.Quality,
		"code_verification_status", "VERIFIED", "name_status", "APPROVED", "status", status, "throughput", o("level", "STANDARD"),
		"platform_type", "CLOUD_API", "messaging_limit_tier", "TIER_2K")
}

// personNode is the profile of a customer (reference 8).
func (c *call) personNode(id, edge string) (obj, *fault) {
	chat := c.s.chatOf(id)
	if chat == nil || !c.get() || edge != "" || !c.tok.reaches(chat.asset()) {
		return nil, noSuchNode(c.r.Method, id)
	}
	cust := chat.Customer
	if cust.Private || !slices.ContainsFunc(chat.messages, func(m *message) bool { return !m.outgoing() }) {
		if chat.Channel == OnInstagram {
			return nil, refuse(400, 230, 0, "User consent is required to access user profile")
		}
		return nil, refuse(400, 100, 2018218, "No profile available for this user.")
	}
	pic := any(nil)
	if len(cust.Picture) > 0 {
		pic = c.s.signed("scontent.fbcdn.net", c.s.portrait(cust))
	}
	first, last, _ := strings.Cut(cust.Name, " ")
	if chat.Channel == OnMessenger {
		return c.pick(known("id", id, "first_name", first, "last_name", last, "name", cust.Name, "profile_pic", pic,
			"locale", opt(cust.Locale)), "first_name", "last_name", "profile_pic", "id")
	}
	if cust.blocked {
		return nil, noSuchNode(c.r.Method, id)
	}
	name := any(cust.Name)
	if cust.Name == "" {
		name = nil
	}
	return c.pick(o("id", id, "name", name, "username", cust.Username, "profile_pic", pic, "follower_count", 312,
		"is_user_follow_business", true, "is_business_follow_user", false, "is_verified_user", false), "name", "id")
}

// portrait keeps a customer's picture as a file, made anew so that its link
// lives.
func (s *Sim) portrait(c *Customer) *mediaFile {
	f := &mediaFile{id: s.fresh("1004", 16), kind: "image", mime: mimeOf(c.Picture), data: c.Picture, made: s.clk.Now()}
	s.media[f.id] = f
	return f
}

// chatOf finds a page or Instagram chat by the customer's scoped id.
func (s *Sim) chatOf(id string) *Chat { return s.scoped[id] }

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func toAny(list []string) []any {
	out := make([]any, 0, len(list))
	for _, s := range list {
		out = append(out, s)
	}
	return out
}
