package meta

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// inboxApp is Meta's page inbox as a thread owner.
const inboxApp = "263902037430900"

// threadControl passes, takes, releases or asks for a thread (reference 5).
func (c *call) threadControl(p *Page, what string) (obj, *fault) {
	if f := c.needScope("pages_messaging"); f != nil {
		return nil, f
	}
	to := c.in.obj("recipient")
	id := to.need("id")
	to.end()
	target, metadata := "", c.in.within("metadata", 1000)
	if what == "pass" {
		target = c.in.need("target_app_id")
	}
	if f := c.done(); f != nil {
		return nil, f
	}
	chat := c.s.chatOf(id)
	own := c.s.opt.AppID
	switch {
	case chat == nil || chat.page != p:
		return nil, refuse(http.StatusBadRequest, 100, 2018001, "No matching user found")
	case what == "pass" && chat.owner != "" && chat.owner != own:
		return nil, refuse(http.StatusForbidden, 10, 2018300, "Another app is controlling this thread now.")
	case what == "pass":
		chat.owner = target
	case what == "release":
		chat.owner = ""
	case what == "take":
		before := chat.owner
		chat.owner = own
		if listed(p.fields, "messaging_handovers") && before != own {
			ev := o("sender", o("id", id), "recipient", o("id", p.ID), "timestamp", c.s.clk.Now().UnixMilli(), "take_thread_control",
				o("previous_owner_app_id", or(before, inboxApp), "new_owner_app_id", own, "metadata", metadata))
			c.s.post(objectPage, c.s.opt.AppSecret, &item{entry: p.ID, slot: "messaging", value: ev, kind: "take_thread_control"})
		}
	case what != "request":
		return nil, unknownPath("/" + what + "_thread_control")
	}
	return o("success", true), nil
}

// conversations is the backfill list (reference 8): two calls a second.
func (c *call) conversations(asset string) (obj, *fault) {
	platform := or(c.in.str("platform"), "messenger")
	if c.tok.ig != nil {
		platform = "instagram"
	}
	user := c.in.str("user_id")
	c.in.ignore("fields", "limit", "after", "folder")
	if f := c.done(); f != nil {
		return nil, f
	}
	if wait, ok := c.s.rate("lists "+asset, listsPerSecond, time.Second); !ok {
		return nil, throttled(613, "Calls to this api have exceeded the rate limit.", wait)
	}
	if p := c.s.pages[asset]; p != nil && platform == "instagram" && p.Instagram != nil {
		asset = p.Instagram.ID
	}
	if ig := c.s.accounts[asset]; ig != nil && ig.accessOff {
		return nil, messagesOff()
	}
	var chats []*Chat
	for _, x := range c.s.chats {
		if x.asset() == asset && len(x.messages) > 0 && (user == "" || x.person() == user) {
			chats = append(chats, x)
		}
	}
	slices.SortFunc(chats, func(a, b *Chat) int { return cmp.Compare(a.serial, b.serial) })
	list := []any{}
	for _, x := range chats {
		list = append(list, x.listed())
	}
	return o("data", list), nil
}

// listed is a thread with its newest twenty messages.
func (c *Chat) listed() obj {
	name, id := c.Customer.Name, c.person()
	var msgs []any
	for _, m := range slices.Backward(c.messages) {
		if len(msgs) == 20 {
			break
		}
		from, to := o("name", name, "id", id), o("id", c.asset())
		if m.outgoing() {
			from, to = to, from
		}
		msgs = append(msgs, o("id", m.id, "created_time", m.at.Format("2006-01-02T15:04:05-0700"), "from", from, "to", o("data", []any{to}), "message", m.text))
	}
	return o("id", "t_"+id, "updated_time", c.messages[len(c.messages)-1].at.Format("2006-01-02T15:04:05-0700"),
		"participants", o("data", []any{o("name", name, "id", id), o("id", c.asset())}), "messages", o("data", msgs))
}
