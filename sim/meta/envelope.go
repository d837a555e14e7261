package meta

import "encoding/json"

// The objects of webhooks.
const (
	objectPage      = "page"
	objectInstagram = "instagram"
	objectWhatsApp  = "whatsapp_business_account"
)

// envelope wraps events for the wire (reference 2.4): one entry per event, two
// where neighbours belong together, so that both shapes are met in a batch.
func envelope(object string, items []*item) obj {
	var entries []obj
	for i := 0; i < len(items); i++ {
		it := items[i]
		list := []any{it.wire()}
		if i+1 < len(items) && items[i+1].entry == it.entry && items[i+1].slot == it.slot {
			i++
			list = append(list, items[i].wire())
		}
		e := o("id", it.number(it.entry))
		if object != objectWhatsApp {
			e = e.with("time", it.at.UnixMilli())
		}
		entries = append(entries, e.with(it.slot, list))
	}
	return o("object", object, "entry", entries)
}

// wire gives the event with the oddities that the weather put on it.
func (it *item) wire() obj {
	if it.slot == "changes" {
		return it.value
	}
	out := make(obj, len(it.value))
	copy(out, it.value)
	for i, p := range out {
		ms, isTime := p.val.(int64)
		who, isPerson := p.val.(obj)
		switch {
		case p.key == "timestamp" && isTime && it.seconds:
			out[i].val = ms / 1000
		case (p.key == "sender" || p.key == "recipient") && isPerson && it.numeric:
			if id, ok := who.get("id"); ok {
				text, _ := id.(string)
				out[i].val = o("id", it.number(text))
			}
		}
	}
	return out
}

func (it *item) number(id string) any {
	if it.numeric {
		return json.Number(id)
	}
	return id
}

// appFields are the fields the app's dashboard offers per object.
func appFields() map[string][]string {
	return map[string][]string{
		objectPage: pageFields(),
		objectInstagram: {"messages", "messaging_postbacks", "messaging_seen", "message_reactions", "messaging_referral", "message_edit",
			"messaging_optins", "messaging_handover", "standby", "comments"},
		objectWhatsApp: {"messages", "message_echoes", "smb_message_echoes", "account_update", "account_alerts", "account_review_update",
			"phone_number_quality_update", "phone_number_name_update", "message_template_status_update", "message_template_quality_update",
			"template_category_update", "business_capability_update", "security", "user_preferences", "flows", "user_id_update",
			"history", "smb_app_state_sync", "calls", "group_lifecycle_update"},
	}
}

func pageFields() []string {
	return []string{"messages", "message_echoes", "message_edits", "message_reads", "message_deliveries", "message_reactions",
		"messaging_postbacks", "messaging_referrals", "messaging_optins", "messaging_handovers", "standby",
		"messaging_policy_enforcement", "response_feedback", "messaging_account_linking"}
}
