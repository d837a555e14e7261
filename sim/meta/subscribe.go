package meta

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"parley/internal/kit/clock"
)

// fieldsAsked reads subscribed_fields, each one of those allowed.
func (c *call) fieldsAsked(allowed []string) []string {
	list := c.in.str("subscribed_fields")
	if list == "" {
		c.in.need("subscribed_fields")
		return nil
	}
	fields := strings.Split(list, ",")
	for i, f := range fields {
		fields[i] = strings.TrimSpace(f)
		if !slices.Contains(allowed, fields[i]) {
			c.in.bad(false, "Param subscribed_fields[%d] must be one of {%s}", i, strings.ToUpper(strings.Join(allowed, ", ")))
		}
	}
	return fields
}

func (c *call) pageSubscription(p *Page) (obj, *fault) {
	if f := c.needScope("pages_manage_metadata"); f != nil {
		return nil, f
	}
	if c.tok.page != p {
		return nil, &fault{status: http.StatusBadRequest, code: 190, message: "This method must be called with a Page Access Token"}
	}
	switch {
	case c.get():
		if f := c.done(); f != nil {
			return nil, f
		}
		list := []any{}
		if len(p.fields) > 0 {
			list = append(list, o("id", c.s.opt.AppID, "name", "Parley", "link", "https://parley.example", "category", "Business", "subscribed_fields", toAny(p.fields)))
		}
		return o("data", list), nil
	case c.post():
		fields := c.fieldsAsked(pageFields())
		if f := c.done(); f != nil {
			return nil, f
		}
		p.fields, p.withInstagram = fields, c.tok.may("instagram_manage_messages")
		return o("success", true), nil
	case c.remove():
		p.fields = nil
		return o("success", true), c.done()
	}
	return nil, unsupportedMethod()
}

func (c *call) accountSubscription(ig *Instagram) (obj, *fault) {
	if f := c.needScope("instagram_business_manage_messages"); f != nil {
		return nil, f
	}
	switch {
	case c.get():
		if f := c.done(); f != nil {
			return nil, f
		}
		list := []any{}
		if ig.subscribed {
			list = append(list, o("id", c.s.opt.InstagramAppID, "subscribed_fields", toAny(c.s.instagramFields())))
		}
		return o("data", list), nil
	case c.post():
		c.fieldsAsked(appFields()[objectInstagram])
		if f := c.done(); f != nil {
			return nil, f
		}
		ig.subscribed = true // which fields is the app's affair, not the account's
		return o("success", true), nil
	case c.remove():
		ig.subscribed = false
		return o("success", true), c.done()
	}
	return nil, unsupportedMethod()
}

func (s *Sim) instagramFields() []string {
	if h := s.hooks[objectInstagram]; h != nil {
		return h.fields
	}
	return nil
}

func (c *call) wabaSubscription(w *WABA) (obj, *fault) {
	switch {
	case c.get():
		if f := c.done(); f != nil {
			return nil, f
		}
		list := []any{}
		if w.subscribed {
			list = append(list, o("whatsapp_business_api_data", o("id", c.s.opt.AppID, "name", "Parley", "link", "https://parley.example"),
				"override_callback_uri", opt(w.override)))
		}
		return o("data", list), nil
	case c.post():
		override := c.in.str("override_callback_uri")
		if override != "" {
			c.in.need("verify_token")
		}
		c.in.ignore("subscribed_fields")
		if f := c.done(); f != nil {
			return nil, f
		}
		w.subscribed, w.override = true, override
		return o("success", true), nil
	case c.remove():
		w.subscribed, w.override = false, ""
		return o("success", true), c.done()
	}
	return nil, unsupportedMethod()
}

// subscribeApp is POST /{app}/subscriptions: it shakes hands at once.
func (c *call) subscribeApp() (obj, *fault) {
	if c.path[0] != c.s.opt.AppID || !c.appTok {
		return nil, &fault{status: http.StatusBadRequest, code: 15, message: "(#15) This method must be called with an app access_token."}
	}
	object := c.in.oneOf("object", objectPage, objectInstagram, objectWhatsApp)
	callback := c.in.need("callback_url")
	verify := c.in.need("verify_token")
	fields := strings.Split(c.in.need("fields"), ",")
	c.in.flag("include_values")
	for i, f := range fields {
		fields[i] = strings.TrimSpace(f)
		if known := appFields()[object]; !slices.Contains(known, fields[i]) {
			c.in.bad(false, "Param fields[%d] must be one of {%s}", i, strings.ToUpper(strings.Join(known, ", ")))
		}
	}
	if f := c.done(); f != nil {
		return nil, f
	}
	if err := c.s.Subscribe(c.r.Context(), object, callback, verify, fields...); err != nil {
		return nil, &fault{status: http.StatusBadRequest, code: 2200, message: "(#2200) Callback verification failed with the following errors: " + err.Error()}
	}
	return o("success", true), nil
}

func (c *call) listSubscriptions() (obj, *fault) {
	if !c.appTok {
		return nil, &fault{status: http.StatusBadRequest, code: 15, message: "(#15) This method must be called with an app access_token."}
	}
	object := c.in.str("object")
	if f := c.done(); f != nil {
		return nil, f
	}
	if c.remove() {
		for k := range c.s.hooks {
			if object == "" || k == object {
				delete(c.s.hooks, k)
			}
		}
		return o("success", true), nil
	}
	list := []any{}
	for _, k := range sortedKeys(c.s.hooks) {
		h := c.s.hooks[k]
		var fields []any
		for _, f := range h.fields {
			fields = append(fields, o("name", f, "version", "v26.0"))
		}
		list = append(list, o("object", k, "callback_url", h.callback, "active", true, "fields", fields))
	}
	return o("data", list), nil
}

// Subscribe is the dashboard's webhook form: it asks the callback to prove
// itself and remembers it when it does. No fields means all of them.
func (s *Sim) Subscribe(ctx context.Context, object, callback, verify string, fields ...string) error {
	if err := s.Handshake(ctx, callback, verify); err != nil {
		return err
	}
	if len(fields) == 0 {
		fields = appFields()[object]
	}
	s.locked(func() { s.hooks[object] = &hook{object: object, callback: callback, fields: fields} })
	return nil
}

// Handshake asks a callback the verification question (reference 2.1). The
// error says what it answered instead of the challenge.
func (s *Sim) Handshake(ctx context.Context, callback, verify string) error {
	s.mu.Lock()
	challenge := s.digits("1158", 10)
	s.mu.Unlock()
	u, err := url.Parse(callback)
	if err != nil {
		return err
	}
	q := u.Query()
	q.Set("hub.mode", "subscribe")
	q.Set("hub.challenge", challenge)
	q.Set("hub.verify_token", verify)
	u.RawQuery = q.Encode()
	ctx, cancel := clock.WithTimeout(ctx, s.clk, ackBudget)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	began := s.clk.Now()
	res, err := s.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4096))
	if err != nil {
		return err
	}
	s.locked(func() {
		s.keepDelivery(Delivery{At: began, URL: callback, Object: "handshake", Kinds: []string{"handshake"}, Attempt: 1, Header: req.Header,
			Status: res.StatusCode, Answer: body, Took: s.clk.Since(began)})
	})
	if res.StatusCode != http.StatusOK || string(body) != challenge {
		return fmt.Errorf("the callback answered %d and not 200 with the challenge", res.StatusCode)
	}
	return nil
}
