package channeltest_test

import (
	"encoding/json"
	"testing"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

func TestSignedKeepsTheChannelContract(t *testing.T) {
	t.Parallel()
	key := secret.New("s3cret")
	good := channeltest.Item{Type: "message", ID: "m1", From: "ana", Text: "Are you open? ığüşöç 🧥"}
	raw, err := json.Marshal(good)
	if err != nil {
		t.Fatal(err)
	}
	channeltest.Run(t, channeltest.Case{
		Channel:  channeltest.NewSigned(),
		Account:  channel.Account{Account: desk.Account{Kind: channeltest.Kind, OutsideID: "page-1"}},
		Secret:   key,
		Good:     channeltest.Delivery(key, "page-1", good),
		Mixed:    channeltest.Deliver(key, channeltest.Entry{Account: "page-1", Items: []json.RawMessage{[]byte(`{"type":7}`), raw, []byte(`"x"`)}}),
		GoodText: good.Text,
	})
}
