package whatsapp_test

import (
	"encoding/json"
	"flag"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/meta"
	"parley/internal/channel/whatsapp"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

var update = flag.Bool("update", false, "write the goldens instead of comparing")

const (
	number = "206540000000099"
	waba   = "880077006600"
)

func account() channel.Account {
	return channel.Account{Account: desk.Account{Kind: whatsapp.Name, OutsideID: number},
		Details: desk.AccountDetails{Login: meta.LoginWhatsApp, WABA: waba, PhoneNumberID: number},
		Secrets: map[string]secret.Text{channel.SecretToken: secret.New("EAAsystem")}}
}

func reader() *whatsapp.Channel {
	return whatsapp.New(meta.NewGraph(meta.App{ID: "4242", Secret: secret.New("app secret")}, nil, nil))
}

// delivery wraps a value of the field messages the way the webhook does (2.4),
// and messages that do not say who wrote them into one of a known person.
func delivery(body []byte) []byte {
	var own map[string]json.RawMessage
	if json.Unmarshal(body, &own) != nil || own["object"] != nil {
		return body
	}
	field := json.RawMessage(`"messages"`)
	if own["field"] != nil {
		field = own["field"]
		var inner map[string]json.RawMessage
		if json.Unmarshal(own["value"], &inner) != nil {
			return body
		}
		own = inner
	}
	own["messaging_product"] = []byte(`"whatsapp"`)
	own["metadata"] = []byte(`{"display_phone_number":"15550009999","phone_number_id":"` + number + `"}`)
	var messages []map[string]json.RawMessage
	if json.Unmarshal(own["messages"], &messages) == nil {
		for _, m := range messages {
			for k, v := range map[string]string{"from": `"905321112233"`, "id": `"wamid.T1"`, "timestamp": `"1790000000"`} {
				if m[k] == nil && (k != "from" || m["from_user_id"] == nil) {
					m[k] = []byte(v)
				}
			}
		}
		own["messages"], _ = json.Marshal(messages)
	}
	raw, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{
		map[string]any{"id": waba, "changes": []any{map[string]any{"field": field, "value": own}}}}})
	if err != nil {
		return nil
	}
	return raw
}

func parse(body []byte) ([]desk.Arrival, error) {
	var all []desk.Arrival
	parts, err := reader().Split(channel.Raw{Body: delivery(body)})
	for _, p := range parts {
		switch {
		case p.Group != "":
			all = append(all, meta.Counted("part of group "+p.Group))
		case p.OutsideID != number:
			all = append(all, meta.Counted("part of "+p.OutsideID))
			continue
		}
		some, err := reader().Parse(account(), p)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, err
}

func TestEveryEventOfWhatsAppIsRead(t *testing.T) {
	t.Parallel()
	channeltest.Golden(t, "testdata/events.txtar", *update, parse)
}

func TestWhatsAppKeepsTheContract(t *testing.T) {
	t.Parallel()
	key := secret.New("app secret")
	good := delivery([]byte(`{"messages":[{"type":"text","text":{"body":"Is the coat in stock?"}}]}`))
	mixed := []byte(`{"object":"whatsapp_business_account","entry":[7,{"id":"1","changes":["x",{"field":"messages","value":{"metadata":{"phone_number_id":"` + number +
		`"},"messages":[{"type":9},{"from":"905321112233","id":"wamid.T1","timestamp":{},"type":"text","text":{"body":"Is the coat in stock?"},"context":[]}]}}]}]}`)
	channeltest.Run(t, channeltest.Case{Channel: reader(), Account: account(), Secret: key,
		Good: channeltest.MetaSigned(key, good), Mixed: channeltest.MetaSigned(key, mixed), GoodText: "Is the coat in stock?"})
}

// covers lessons 2.4 and 3.28…31: variants find a person, and nothing but a
// phone number of the three countries has any.
func TestNumbersAreFoundInOtherFormsAndNeverRepaired(t *testing.T) {
	t.Parallel()
	for digits, want := range map[string]string{
		"5511987654321": "551187654321", "551187654321": "5511987654321", "5215512345678": "525512345678", "525512345678": "5215512345678",
		"5491112345678": "541112345678", "541112345678": "5491112345678",
		"905321112233": "", "16505551234": "", "": "", "55": "", "5511887654321": "", "551133334444": "", "5511933334444": "", "TR.13490000000007": "",
	} {
		got := whatsapp.Variants(digits)
		if len(got) > 1 || len(got) == 1 && got[0] != want || len(got) == 0 && want != "" {
			t.Errorf("%s: %v, want %q", digits, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	cases, err := txtar.ParseFile("testdata/events.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases.Files {
		f.Add(delivery(c.Data))
	}
	ch, acct := reader(), account()
	f.Fuzz(func(t *testing.T, raw []byte) { channeltest.Fuzzed(t, ch, acct, raw) })
}
