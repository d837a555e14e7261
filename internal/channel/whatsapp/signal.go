package whatsapp

import (
	"bytes"
	"encoding/json"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
)

// receipt reads a status (3.4). Those of groups are counted; played is read.
func receipt(s status, known people) desk.Arrival {
	if s.RecipientType.Word() == "group" {
		return meta.Counted("group_status")
	}
	a := desk.Arrival{Kind: desk.ArrivedReceipt, At: s.Timestamp.Time()}
	known.know(&a, s.RecipientUser, "", s.Recipient)
	a.Name, a.Username = "", ""
	r := desk.Receipt{ExternalIDs: []string{s.ID.ID()}, Ref: s.Ref.ID()}
	switch s.Status.Word() {
	case "sent":
		r.Status = desk.StatusSent
	case "delivered":
		r.Status = desk.StatusDelivered
	case "read", "played":
		r.Status = desk.StatusRead
	case "failed":
		r.Status = desk.StatusFailed
		r.ErrorCode = meta.ReasonOf(0, 0)
		for _, f := range meta.All[fault](s.Errors) {
			r.ErrorCode = meta.ReasonOf(f.Code.Int(), 0)
			break
		}
		r.ErrorText = channel.Words("en", r.ErrorCode)
	}
	if r.Status == "" || r.ExternalIDs[0] == "" || a.Sender.Value == "" {
		return meta.Counted("status_unknown")
	}
	if s.Pricing.OK {
		p := s.Pricing.V
		r.Pricing = &desk.Pricing{Billable: bool(p.Billable), Model: p.Model.Word(), Type: p.Type.Word(), Category: p.Category.Word()}
	}
	a.Receipt = r
	return a
}

// preferences reads that a person stopped or resumed marketing messages.
func preferences(v value, raw json.RawMessage) []desk.Arrival {
	var all []desk.Arrival
	known := people(meta.All[contact](v.Contacts))
	for _, p := range meta.All[struct {
		WaID     meta.Str   `json:"wa_id"`
		User     meta.Str   `json:"user_id"`
		Category meta.Str   `json:"category"`
		Value    meta.Str   `json:"value"`
		At       meta.Stamp `json:"timestamp"`
	}](v.Prefs) {
		a := desk.Arrival{Kind: desk.ArrivedOptIn, At: p.At.Time()}
		known.know(&a, p.User, "", p.WaID)
		a.ExternalID = meta.Key("preference", a.Sender.Value, p.Category.Word(), p.Value.Word(), a.At.Format("20060102150405"))
		a.OptIn = &desk.OptIn{Topic: "marketing", Stopped: p.Value.Word() == "stop"}
		if a.Sender.Value != "" {
			all = append(all, a)
		}
	}
	if len(all) == 0 {
		all = append(all, meta.Counted("user_preferences"))
	}
	return all
}

// moves reads the field user_id_update, which is one change or a list of them.
func moves(raw json.RawMessage) []desk.Arrival {
	var v struct {
		moved
		Update meta.List `json:"user_id_update"`
	}
	if json.Unmarshal(bytes.TrimSpace(raw), &v) != nil {
		return []desk.Arrival{meta.Counted("unreadable")}
	}
	list := meta.All[moved](v.Update)
	if len(list) == 0 {
		list = []moved{v.moved}
	}
	var all []desk.Arrival
	for _, m := range list {
		a := desk.Arrival{Kind: desk.ArrivedIdentity, At: m.Timestamp.Time()}
		named(&a, person(m.User.V.Previous, m.Parent.V.Previous, m.WaID))
		for _, id := range person(m.User.V.Current, m.Parent.V.Current, "") {
			a.Changed = append(a.Changed, id.IdentityHint)
		}
		if a.Sender.Value == "" || len(a.Changed) == 0 {
			all = append(all, meta.Counted("user_id_update"))
			continue
		}
		a.ExternalID = meta.Key("moved", a.Sender.Value, a.Changed[0].Value)
		all = append(all, a)
	}
	return all
}

// notice reads what Meta tells about the account: templates, quality, limits.
func notice(field string, raw json.RawMessage, e meta.Entry) desk.Arrival {
	var v struct {
		Event    meta.Str `json:"event"`
		Decision meta.Str `json:"decision"`
		Template meta.Str `json:"message_template_name"`
		Language meta.Str `json:"message_template_language"`
		Phone    meta.Str `json:"display_phone_number"`
		Quality  meta.Str `json:"new_quality_score"`
		Category meta.Str `json:"new_category"`
		Reason   meta.Str `json:"reason"`
		Limit    meta.Str `json:"current_limit"`
		Alert    meta.Str `json:"alert_type"`
		Status   meta.Str `json:"status"`
	}
	if json.Unmarshal(bytes.TrimSpace(raw), &v) != nil {
		return meta.Counted("unreadable")
	}
	n := &desk.Notice{What: field, State: first(v.Event, v.Decision, v.Quality, v.Category, v.Alert, v.Status).Word(),
		Object: first(v.Template, v.Phone).Line(), Detail: first(v.Reason, v.Limit, v.Language).Line()}
	switch n.State {
	case "account_deleted", "disabled_update", "partner_removed", "partner_app_uninstalled":
		n.Stops = field == "account_update"
	}
	return desk.Arrival{Kind: desk.ArrivedNotice, ExternalID: meta.Key("notice", e.ID.ID(), meta.RawKey(field, raw)), At: e.Time.Time(), Notice: n}
}

func first(all ...meta.Str) meta.Str {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}
