package widget

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/desk"
)

func envelope(t testing.TB, items ...any) []byte {
	t.Helper()
	e := Envelope{Key: "wk_1"}
	for _, i := range items {
		raw, err := json.Marshal(i)
		if err != nil {
			t.Fatal(err)
		}
		e.Items = append(e.Items, raw)
	}
	raw, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func message(text string) desk.Arrival {
	return desk.Arrival{Kind: desk.ArrivedMessage, ExternalID: "v1:c1", Sender: desk.IdentityHint{Kind: Visitor, Value: "v1"},
		At: time.Unix(1_800_000_000, 0).UTC(), Text: desk.Body(text)}
}

func TestTheWebsiteChatKeepsTheContract(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, channeltest.Case{Channel: New(), Account: channel.Account{Account: desk.Account{Kind: Name, OutsideID: "wk_1"}},
		Good:     channel.Raw{Body: envelope(t, message("a coat that is too small"))},
		Mixed:    channel.Raw{Body: envelope(t, map[string]any{"Kind": 7, "What": "?"}, message("a coat that is too small"))},
		GoodText: "a coat that is too small"})
}

// covers A-3.3-03…09, A-16.2-01 and decision 12.
func TestOnlyConsentKeepsAVisit(t *testing.T) {
	t.Parallel()
	visit := desk.Session{ID: "s1", IP: "203.0.113.7", Locale: "tr-TR", Referrer: "https://search.example/?q=coat&gclid=abc",
		UserAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
		PageURL:   "https://shop.example/coats/red?token=s3cret&utm_source=mail&email=a%40b.c#top"}
	for _, consent := range []desk.ConsentState{desk.ConsentUnknown, desk.ConsentRefused, desk.ConsentWithdrawn, "", "yes"} {
		visit.Consent = consent
		got := allowed(&visit)
		if want := (desk.Session{ID: "s1", Consent: consent, PageURL: "https://shop.example"}); *got != want {
			t.Errorf("%q keeps %+v", consent, *got)
		}
	}
	visit.Consent = desk.ConsentGranted
	want := desk.Session{ID: "s1", Consent: desk.ConsentGranted, IP: "203.0.113.7", Locale: "tr-TR", Browser: "Safari 17.4", OS: "iOS 17.4",
		Device: "mobile", PageURL: "https://shop.example/coats/red?utm_source=mail", Referrer: "https://search.example/?q=coat"}
	if got := allowed(&visit); *got != want {
		t.Errorf("granted keeps\n%+v, want\n%+v", *got, want)
	}
}

func TestSettingsAreCheckedFieldByField(t *testing.T) {
	t.Parallel()
	for raw, field := range map[string]string{
		`{"domains":["https://*"]}`: "domains", `{"domains":["https://*.com"]}`: "domains", `{"domains":["ftp://a.example"]}`: "domains",
		`{"domains":["https://a.example/path"]}`: "domains", `{"domains":["https://a.example; script-src *"]}`: "domains",
		`{"domains":["https://u:p@a.example"]}`: "domains", `{"consent":"never"}`: "consent", `{"erase_after_hours":73}`: "erase_after_hours",
		`{"erase_after_hours":0}`: "erase_after_hours", `{"brand_colour":"red"}`: "brand_colour", `{"brand_colour":"#zzzzzz"}`: "brand_colour",
		`{"title":{"fr":"Bonjour"}}`: "title", `{"greeting":{"en":"` + strings.Repeat("x", 301) + `"}}`: "greeting",
		`{"position":"top"}`: "position", `{"unknown":1}`: "settings", `[]`: "settings", `{"locale_default":"de"}`: "locale_default",
	} {
		_, err := New().CheckSettings(json.RawMessage(raw))
		if err == nil || !strings.Contains(err.Error(), "settings."+field) {
			t.Errorf("%s: %v, want a complaint about %s", raw, err, field)
		}
	}
	got, err := New().CheckSettings(json.RawMessage(`{"domains":["Shop.Example","https://shop.example/","http://localhost:3000","*.shop.example"]}`))
	if err != nil || !strings.Contains(string(got), `"domains":["https://shop.example","http://localhost:3000","https://*.shop.example"]`) {
		t.Errorf("%s %v", got, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(envelope(f, message("hello")))
	f.Add([]byte(`{"key":"wk_1","items":[{"Kind":"message","Text":"\u0000"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		all, err := New().Parse(channel.Account{}, channel.Part{Body: raw})
		if err != nil && len(all) > 0 {
			t.Error("arrivals beside an error")
		}
		for _, a := range all {
			if a.Sender.Value == "" || len(a.Text) > 4*TextLimit {
				t.Errorf("out of bounds: %+v", a.Kind)
			}
		}
	})
}
