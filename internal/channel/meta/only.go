package meta

import "encoding/json"

// Nearly every delivery is about one account and has the shape it should have:
// then the whole body is that account's part and nothing is written anew. These
// readers find that in one pass; whatever they do not understand goes the
// tolerant way.

type ends struct {
	Sender    struct{ ID Str } `json:"sender"`
	Recipient struct{ ID Str } `json:"recipient"`
	Message   struct {
		Echo Flag `json:"is_echo"`
	} `json:"message"`
}

// only is the one account of a delivery of messaging events, "" when there are
// several or the shape is another.
func only(body []byte) string {
	var d struct {
		Entry []struct {
			ID        Str               `json:"id"`
			Messaging []ends            `json:"messaging"`
			Standby   []ends            `json:"standby"`
			Changes   []json.RawMessage `json:"changes"`
		} `json:"entry"`
	}
	if json.Unmarshal(body, &d) != nil || len(d.Entry) == 0 || len(d.Entry) > maxItems {
		return ""
	}
	account := ""
	for _, e := range d.Entry {
		id := e.ID.ID()
		if id == "" || len(e.Messaging)+len(e.Standby)+len(e.Changes) == 0 || len(e.Messaging)+len(e.Standby) > maxItems {
			return ""
		}
		if !same(&account, id) { // an event whose own account is another differs from this below
			return ""
		}
		for _, all := range [][]ends{e.Messaging, e.Standby} {
			for _, ev := range all {
				at := ev.Recipient.ID.ID()
				if ev.Message.Echo {
					at = ev.Sender.ID.ID()
				}
				if at != "" && id != "0" && at != account {
					return ""
				}
			}
		}
	}
	return account
}

// onlyNumber is the one number of a WhatsApp delivery, "" when there are
// several, or something about the whole business account.
func onlyNumber(body []byte) string {
	var d struct {
		Entry []struct {
			Changes []struct {
				Value struct {
					Metadata struct {
						Number Str `json:"phone_number_id"`
					} `json:"metadata"`
				} `json:"value"`
			} `json:"changes"`
		} `json:"entry"`
	}
	if json.Unmarshal(body, &d) != nil || len(d.Entry) > maxItems {
		return ""
	}
	number := ""
	for _, e := range d.Entry {
		for _, c := range e.Changes {
			if n := c.Value.Metadata.Number.ID(); n == "" || !same(&number, n) {
				return ""
			}
		}
	}
	return number
}

// same reports whether v is the one value so far.
func same(one *string, v string) bool {
	if *one == "" {
		*one = v
	}
	return *one == v
}
