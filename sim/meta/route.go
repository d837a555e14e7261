package meta

import (
	"net/http"
	"strings"
)

// route finds who answers a call. Handlers run with the world's lock held, but
// for those that talk to somebody outside meanwhile.
func (c *call) route() (obj, *fault) {
	if c.host == "api.instagram.com" {
		return c.locked(c.routeInstagramAPI)
	}
	if h := c.outside(); h != nil {
		return h()
	}
	return c.locked(func() (obj, *fault) {
		if c.host == "graph.instagram.com" {
			return c.routeInstagram()
		}
		return c.routeFacebook()
	})
}

func (c *call) locked(fn func() (obj, *fault)) (obj, *fault) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	out, f := fn()
	c.s.announce()
	return out, f
}

// outside gives the handler of a call during which the simulator itself calls
// somebody: it takes the lock on its own.
func (c *call) outside() func() (obj, *fault) {
	if c.r.Method != http.MethodPost || len(c.path) != 2 {
		return nil
	}
	switch c.path[1] {
	case "messages":
		return c.sendMessage
	case "message_attachments":
		return c.uploadAttachment
	case "subscriptions":
		return c.subscribeApp
	}
	return nil
}

func (c *call) get() bool    { return c.r.Method == http.MethodGet }
func (c *call) post() bool   { return c.r.Method == http.MethodPost }
func (c *call) remove() bool { return c.r.Method == http.MethodDelete }

func (c *call) routeInstagramAPI() (obj, *fault) {
	if strings.Join(c.path, "/") != "oauth/access_token" || !c.post() {
		return nil, unknownPath(c.r.URL.Path)
	}
	return c.instagramCode()
}

func (c *call) routeFacebook() (obj, *fault) {
	switch strings.Join(c.path, "/") {
	case "oauth/access_token":
		return c.facebookToken()
	case "debug_token":
		return c.debugToken()
	case "me/accounts":
		return c.myPages()
	case "me/permissions":
		return c.myPermissions()
	case "me":
		return c.me()
	}
	node, edge := c.path[0], ""
	switch len(c.path) {
	case 1:
	case 2:
		edge = c.path[1]
	default:
		return nil, unknownPath(c.r.URL.Path)
	}
	if node == "me" && c.tok != nil && c.tok.page != nil {
		node = c.tok.page.ID
	}
	if node == c.s.opt.AppID && edge == "subscriptions" {
		return c.listSubscriptions()
	}
	if f := c.needToken(); f != nil {
		return nil, f
	}
	switch {
	case c.s.pages[node] != nil:
		return c.pageNode(c.s.pages[node], edge)
	case c.s.accounts[node] != nil:
		return c.accountNode(c.s.accounts[node], edge)
	case c.s.wabas[node] != nil:
		return c.wabaNode(c.s.wabas[node], edge)
	case c.s.numbers[node] != nil:
		return c.numberNode(c.s.numbers[node], edge)
	case c.s.media[node] != nil && c.s.media[node].number != nil:
		return c.mediaNode(c.s.media[node], edge)
	}
	return c.personNode(node, edge)
}

func (c *call) routeInstagram() (obj, *fault) {
	switch strings.Join(c.path, "/") {
	case "access_token":
		return c.instagramExchange()
	case "refresh_access_token":
		return c.instagramRefresh()
	}
	if f := c.needToken(); f != nil {
		return nil, f
	}
	node, edge := c.path[0], ""
	if len(c.path) == 2 {
		edge = c.path[1]
	} else if len(c.path) > 2 {
		return nil, unknownPath(c.r.URL.Path)
	}
	ig := c.tok.ig
	if node == "me" || node == ig.ID || node == ig.ScopedID {
		return c.ownAccount(ig, edge)
	}
	return c.personNode(node, edge)
}

func (c *call) pageNode(p *Page, edge string) (obj, *fault) {
	if !c.tok.reaches(p.ID) {
		return nil, noSuchNode(c.r.Method, p.ID)
	}
	switch {
	case edge == "" && c.get():
		return c.pick(c.pageFields(p), "name")
	case edge == "subscribed_apps":
		return c.pageSubscription(p)
	case edge == "conversations" && c.get():
		return c.conversations(p.ID)
	case strings.HasSuffix(edge, "_thread_control") && c.post():
		return c.threadControl(p, strings.TrimSuffix(edge, "_thread_control"))
	case edge == "":
		return nil, unsupportedMethod()
	}
	return nil, unknownPath("/" + edge)
}

func (c *call) wabaNode(w *WABA, edge string) (obj, *fault) {
	if !c.tok.reaches(w.ID) {
		return nil, refuse(http.StatusForbidden, 200, 0, "You do not have permission to access this WhatsApp Business Account")
	}
	if f := c.needScope("whatsapp_business_management"); f != nil {
		return nil, f
	}
	if f := c.manageRate(w); f != nil {
		return nil, f
	}
	switch {
	case edge == "" && c.get():
		return c.pick(o("id", w.ID, "name", w.Name, "currency", "USD", "timezone_id", "1", "message_template_namespace", "ns_"+w.ID,
			"owner_business_info", o("id", w.Business, "name", w.Name), "account_review_status", "APPROVED"), "id", "name")
	case edge == "phone_numbers" && c.get():
		var list []any
		for _, n := range w.Numbers {
			one, f := c.pick(n.node(), "id", "display_phone_number", "verified_name", "quality_rating")
			if f != nil {
				return nil, f
			}
			list = append(list, one)
		}
		return o("data", list), c.done()
	case edge == "subscribed_apps":
		return c.wabaSubscription(w)
	case edge == "message_templates":
		return c.templates(w)
	}
	return nil, unknownPath("/" + edge)
}

func (c *call) numberNode(n *Number, edge string) (obj, *fault) {
	if !c.tok.reaches(n.WABA.ID) {
		return nil, refuse(http.StatusForbidden, 200, 0, "You do not have permission to access this phone number")
	}
	switch {
	case edge == "" && c.get():
		return c.pick(n.node(), "id", "display_phone_number", "verified_name", "quality_rating")
	case edge == "media" && c.post():
		return c.uploadMedia(n)
	case edge == "register" && c.post(), edge == "deregister" && c.post():
		return c.register(n, edge == "register")
	case edge == "whatsapp_business_profile" && c.get():
		return o("data", []any{o("about", "We answer within a minute", "messaging_product", "whatsapp", "vertical", "RETAIL")}), nil
	}
	return nil, unknownPath("/" + edge)
}

// done gives what was wrong with the request so far, unknown fields included.
func (c *call) done() *fault {
	c.in.end()
	return c.in.first
}
