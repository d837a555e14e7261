package instagram_test

import (
	"encoding/json"
	"flag"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/instagram"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

var update = flag.Bool("update", false, "write the goldens instead of comparing")

const professional = "17841400000090009"

func account() channel.Account {
	return channel.Account{Account: desk.Account{Kind: instagram.Name, OutsideID: professional}, Details: desk.AccountDetails{Login: meta.LoginFacebook, PageID: "1000500010005"},
		Secrets: map[string]secret.Text{channel.SecretToken: secret.New("EAApage")}}
}

func reader() *instagram.Channel {
	return instagram.New(meta.NewGraph(meta.App{ID: "4242", Secret: secret.New("app secret")}, nil, nil))
}

// delivery wraps events the way the webhook does (2.4); an event names
// its ends only where they differ from a person who writes to the account.
func delivery(event []byte) []byte {
	frame := map[string]json.RawMessage{"sender": []byte(`{"id":"9301"}`), "recipient": []byte(`{"id":"` + professional + `"}`), "timestamp": []byte(`1790000000123`)}
	var own map[string]json.RawMessage
	if json.Unmarshal(event, &own) != nil {
		return event
	}
	if own["object"] != nil {
		return event
	}
	for k, v := range own {
		frame[k] = v
	}
	raw, err := json.Marshal(map[string]any{"object": "instagram", "entry": []any{map[string]any{"id": professional, "time": 1790000000500, "messaging": []any{frame}}}})
	if err != nil {
		return nil
	}
	return raw
}

func parse(body []byte) ([]desk.Arrival, error) {
	var all []desk.Arrival
	parts, err := reader().Split(channel.Raw{Body: delivery(body)})
	for _, p := range parts {
		if p.OutsideID != professional {
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

func TestEveryEventOfInstagramIsRead(t *testing.T) {
	t.Parallel()
	channeltest.Golden(t, "testdata/events.txtar", *update, parse)
}

func TestInstagramKeepsTheContract(t *testing.T) {
	t.Parallel()
	key := secret.New("app secret")
	good := delivery([]byte(`{"message":{"mid":"m_c1","text":"Is the coat in stock?"}}`))
	mixed := []byte(`{"object":"instagram","entry":[7,{"id":"` + professional + `","messaging":["x",{"message":5},{"sender":{"id":"9301"},"recipient":{"id":"` + professional +
		`"},"timestamp":"x","message":{"mid":"m_c1","text":"Is the coat in stock?","attachments":[5,{"type":9}]}},null]}]}`)
	channeltest.Run(t, channeltest.Case{Channel: reader(), Account: account(), Secret: key,
		Good: channeltest.MetaSigned(key, good), Mixed: channeltest.MetaSigned(key, mixed), GoodText: "Is the coat in stock?"})
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
