package whatsapp

import (
	"encoding/json"

	"parley/internal/channel/meta"
)

// value is Change.Value of the field messages (3.3, 3.4) and of those like it.
type value struct {
	Contacts meta.List `json:"contacts"`
	Messages meta.List `json:"messages"`
	Statuses meta.List `json:"statuses"`
	Errors   meta.List `json:"errors"`
	Echoes   meta.List `json:"message_echoes"`
	Prefs    meta.List `json:"user_preferences"`
}

type contact struct {
	Profile meta.Opt[struct {
		Name     meta.Str `json:"name"`
		Username meta.Str `json:"username"`
	}] `json:"profile"`
	WaID   meta.Str `json:"wa_id"`
	User   meta.Str `json:"user_id"`
	Parent meta.Str `json:"parent_user_id"`
}

type message struct {
	From       meta.Str   `json:"from"`
	FromUser   meta.Str   `json:"from_user_id"`
	FromParent meta.Str   `json:"from_parent_user_id"`
	To         meta.Str   `json:"to"`
	ToUser     meta.Str   `json:"to_user_id"`
	Group      meta.Str   `json:"group_id"`
	ID         meta.Str   `json:"id"`
	Timestamp  meta.Stamp `json:"timestamp"`
	Type       meta.Str   `json:"type"`
	Errors     meta.List  `json:"errors"`
	body
	Context  meta.Opt[quoted]   `json:"context"`
	Referral meta.Opt[referral] `json:"referral"`
	Edit     meta.Opt[edit]     `json:"edit"`
	Revoke   meta.Opt[struct {
		Original meta.Str `json:"original_message_id"`
	}] `json:"revoke"`
	System   meta.Opt[system]   `json:"system"`
	Reaction meta.Opt[reaction] `json:"reaction"`
}

// body is what a message says, by type.
type body struct {
	Text        meta.Opt[words]       `json:"text"`
	Image       meta.Opt[file]        `json:"image"`
	Video       meta.Opt[file]        `json:"video"`
	Audio       meta.Opt[file]        `json:"audio"`
	Document    meta.Opt[file]        `json:"document"`
	Sticker     meta.Opt[file]        `json:"sticker"`
	Location    meta.Opt[location]    `json:"location"`
	Contacts    meta.List             `json:"contacts"`
	Interactive meta.Opt[interactive] `json:"interactive"`
	Button      meta.Opt[button]      `json:"button"`
	Order       meta.Opt[order]       `json:"order"`
	Unsupported meta.Opt[struct {
		Type meta.Str `json:"type"`
	}] `json:"unsupported"`
}

type words struct {
	Body meta.Str `json:"body"`
}

type file struct {
	ID       meta.Str  `json:"id"`
	URL      meta.Str  `json:"url"`
	Mime     meta.Str  `json:"mime_type"`
	SHA256   meta.Str  `json:"sha256"`
	Caption  meta.Str  `json:"caption"`
	Filename meta.Str  `json:"filename"`
	Animated meta.Flag `json:"animated"`
	Voice    meta.Flag `json:"voice"`
}

type location struct {
	Latitude  json.Number `json:"latitude"`
	Longitude json.Number `json:"longitude"`
	Name      meta.Str    `json:"name"`
	Address   meta.Str    `json:"address"`
	URL       meta.Str    `json:"url"`
}

type card struct {
	Origin meta.Str `json:"origin"`
	Name   meta.Opt[struct {
		Formatted meta.Str `json:"formatted_name"`
		First     meta.Str `json:"first_name"`
		Last      meta.Str `json:"last_name"`
	}] `json:"name"`
	Phones meta.List `json:"phones"`
	Emails meta.List `json:"emails"`
	Org    meta.Opt[struct {
		Company meta.Str `json:"company"`
	}] `json:"org"`
}

type interactive struct {
	Type   meta.Str         `json:"type"`
	Button meta.Opt[choice] `json:"button_reply"`
	List   meta.Opt[choice] `json:"list_reply"`
	Form   meta.Opt[struct {
		Name     meta.Str `json:"name"`
		Body     meta.Str `json:"body"`
		Response meta.Str `json:"response_json"`
	}] `json:"nfm_reply"`
}

type choice struct {
	ID          meta.Str `json:"id"`
	Title       meta.Str `json:"title"`
	Description meta.Str `json:"description"`
}

type button struct {
	Payload meta.Str `json:"payload"`
	Text    meta.Str `json:"text"`
}

type order struct {
	Catalog meta.Str  `json:"catalog_id"`
	Text    meta.Str  `json:"text"`
	Items   meta.List `json:"product_items"`
}

type item struct {
	Product  meta.Str `json:"product_retailer_id"`
	Quantity meta.Str `json:"quantity"`
	Price    meta.Str `json:"item_price"`
	Currency meta.Str `json:"currency"`
}

type quoted struct {
	ID         meta.Str  `json:"id"`
	Forwarded  meta.Flag `json:"forwarded"`
	Frequently meta.Flag `json:"frequently_forwarded"`
	Product    meta.Opt[struct {
		Product meta.Str `json:"product_retailer_id"`
	}] `json:"referred_product"`
}

type referral struct {
	URL      meta.Str `json:"source_url"`
	Source   meta.Str `json:"source_id"`
	Type     meta.Str `json:"source_type"`
	Headline meta.Str `json:"headline"`
	Image    meta.Str `json:"image_url"`
	Click    meta.Str `json:"ctwa_clid"`
}

type edit struct {
	Original meta.Str `json:"original_message_id"`
	Message  meta.Opt[struct {
		body
	}] `json:"message"`
}

type system struct {
	Type   meta.Str `json:"type"`
	WaID   meta.Str `json:"wa_id"`
	User   meta.Str `json:"user_id"`
	Parent meta.Str `json:"parent_user_id"`
}

type reaction struct {
	Message meta.Str `json:"message_id"`
	Emoji   meta.Str `json:"emoji"`
}

type status struct {
	ID            meta.Str   `json:"id"`
	Status        meta.Str   `json:"status"`
	Timestamp     meta.Stamp `json:"timestamp"`
	Recipient     meta.Str   `json:"recipient_id"`
	RecipientUser meta.Str   `json:"recipient_user_id"`
	RecipientType meta.Str   `json:"recipient_type"`
	Ref           meta.Str   `json:"biz_opaque_callback_data"`
	Errors        meta.List  `json:"errors"`
	Pricing       meta.Opt[struct {
		Billable meta.Flag `json:"billable"`
		Model    meta.Str  `json:"pricing_model"`
		Type     meta.Str  `json:"type"`
		Category meta.Str  `json:"category"`
	}] `json:"pricing"`
}

type fault struct {
	Code  meta.Str `json:"code"`
	Title meta.Str `json:"title"`
}

type moved struct {
	WaID meta.Str `json:"wa_id"`
	User meta.Opt[struct {
		Previous meta.Str `json:"previous"`
		Current  meta.Str `json:"current"`
	}] `json:"user_id"`
	Parent meta.Opt[struct {
		Previous meta.Str `json:"previous"`
		Current  meta.Str `json:"current"`
	}] `json:"parent_user_id"`
	Timestamp meta.Stamp `json:"timestamp"`
}
