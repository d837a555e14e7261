package meta_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/i18n"
	"parley/internal/kit/secret"
)

// The vectors of the reference, sections 1.1, 2.2 and 7.
var (
	vectorSecret = secret.New("test-app-secret")
	vectorBody   = `{"object":"instagram","entry":[{"id":"17840000000000001","time":1760000000123,"messaging":[{"sender":{"id":"9001"},"recipient":{"id":"17840000000000001"},"timestamp":1760000000001,"message":{"mid":"m1","text":"Gr\u00fc\u00dfe \ud83d\ude00 a\/b"}}]}]}`
)

const (
	vectorSign   = "sha256=759ce5b000c5bccec9e86658091999a64cc1f98e157efadf685408ced7663802"
	vectorSigned = "hGQ37nWFzk3_ivoCAJBUlCmXaylLTunOcR0Oc6Nfunw.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc2MDAwMDAwMCwidXNlcl9pZCI6IjIxODQ3MSJ9"
)

// covers lessons 2.2, H-62
func TestOnlyTheRawBytesFitASignature(t *testing.T) {
	t.Parallel()
	other := secret.New("another")
	signed := func(value string) channel.Raw {
		return channel.Raw{Header: map[string]string{meta.SignatureHeader: value}, Body: []byte(vectorBody)}
	}
	if len(vectorBody) != 250 {
		t.Fatalf("the vector has %d bytes", len(vectorBody))
	}
	for _, keys := range [][]secret.Text{{vectorSecret}, {other, vectorSecret}, {vectorSecret, other}} {
		if err := meta.VerifyRaw(keys, signed(vectorSign)); err != nil {
			t.Errorf("the vector of 2.2: %v", err)
		}
	}
	var shape any
	if err := json.Unmarshal([]byte(vectorBody), &shape); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(shape)
	if err != nil {
		t.Fatal(err)
	}
	utf8 := strings.NewReplacer(`\u00fc`, "ü", `\u00df`, "ß", `\ud83d\ude00`, "😀", `\/`, "/").Replace(vectorBody)
	for name, raw := range map[string]channel.Raw{
		"written again":   {Header: map[string]string{meta.SignatureHeader: vectorSign}, Body: again},
		"as UTF-8":        {Header: map[string]string{meta.SignatureHeader: vectorSign}, Body: []byte(utf8)},
		"no header":       {Body: []byte(vectorBody)},
		"sha1 alone":      {Header: map[string]string{"x-hub-signature": "sha1=0123456789012345678901234567890123456789"}, Body: []byte(vectorBody)},
		"sha1 as sha256":  signed("sha1=" + vectorSign[7:]),
		"upper case":      signed("sha256=" + strings.ToUpper(vectorSign[7:])),
		"without prefix":  signed(vectorSign[7:]),
		"cut":             signed(vectorSign[:70]),
		"an empty header": signed(""),
		"an empty body":   {Header: map[string]string{meta.SignatureHeader: vectorSign}},
	} {
		if err := meta.VerifyRaw([]secret.Text{vectorSecret, other}, raw); desk.CodeOf(err) != desk.Unauthenticated {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), vectorSign[7:20]) {
			t.Errorf("%s: the error tells the expected signature", name)
		}
	}
	for _, keys := range [][]secret.Text{nil, {other}, {secret.New("")}} {
		if meta.VerifyRaw(keys, signed(vectorSign)) == nil {
			t.Errorf("taken with %d other secrets", len(keys))
		}
	}
	empty := "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" // HMAC of nothing with an empty key
	if meta.VerifyRaw([]secret.Text{{}}, channel.Raw{Header: map[string]string{meta.SignatureHeader: empty}}) == nil {
		t.Error("an empty secret signs an empty body")
	}
}

func TestATokenIsProvenAsTheReferenceSays(t *testing.T) {
	t.Parallel()
	if got := meta.Proof(vectorSecret, secret.New("EAAtesttoken")); got != "62f73cbe7b318721f6695dcd7ce46d9a60b2134d6e69eb38057c6db0608019a8" {
		t.Error(got)
	}
}

// covers A-9.1-01
func TestASignedRequestIsOursFreshAndWhole(t *testing.T) {
	t.Parallel()
	keys := []secret.Text{secret.New("another"), vectorSecret}
	at := time.Unix(1760000000, 0).UTC()
	got, err := meta.ReadSigned(keys, vectorSigned, at.Add(time.Hour), 24*time.Hour)
	if err != nil || got.AppUser != "218471" || !got.IssuedAt.Equal(at) {
		t.Errorf("%+v %v", got, err)
	}
	sig, payload, _ := strings.Cut(vectorSigned, ".")
	for name, c := range map[string]struct {
		signed string
		now    time.Time
	}{
		"too old":         {vectorSigned, at.Add(25 * time.Hour)},
		"from the future": {vectorSigned, at.Add(-time.Hour)},
		"another payload": {sig + "." + payload[:len(payload)-4] + "AAAA", at},
		"another sign":    {strings.Repeat("A", len(sig)) + "." + payload, at},
		"no sign":         {"." + payload, at},
		"no dot":          {sig + payload, at},
		"nothing":         {"", at},
		"not base64":      {"!!." + payload, at},
		"too long":        {vectorSigned + strings.Repeat("A", 9000), at},
	} {
		if _, err := meta.ReadSigned(keys, c.signed, c.now, 24*time.Hour); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := meta.ReadSigned([]secret.Text{{}, secret.New("x")}, vectorSigned, at, time.Hour); err == nil {
		t.Error("taken with other secrets")
	}
}

// covers lessons 2.1
func TestTheHandshakeEchoesTheChallengeToWhoKnowsTheToken(t *testing.T) {
	t.Parallel()
	g := meta.NewGraph(meta.App{VerifyToken: secret.New("v3rify")}, nil, clock.Real{})
	q := func(mode, token, challenge string) map[string][]string {
		return map[string][]string{"hub.mode": {mode}, "hub.verify_token": {token}, "hub.challenge": {challenge}}
	}
	if got, ok := g.Handshake(q("subscribe", "v3rify", "1158201444 <b>&")); !ok || got != "1158201444 <b>&" {
		t.Errorf("%q %v", got, ok)
	}
	for name, bad := range map[string]map[string][]string{"wrong token": q("subscribe", "other", "1"), "no token": q("subscribe", "", "1"), "another mode": q("unsubscribe", "v3rify", "1"),
		"no mode": {"hub.verify_token": {"v3rify"}, "hub.challenge": {"1"}}, "no challenge": q("subscribe", "v3rify", ""), "nothing": {}} {
		if _, ok := g.Handshake(bad); ok {
			t.Errorf("%s was answered", name)
		}
	}
	if _, ok := meta.NewGraph(meta.App{}, nil, clock.Real{}).Handshake(q("subscribe", "", "1")); ok {
		t.Error("an install without a token answers everybody")
	}
}

// covers lessons 2.3: what is strange is answered and counted, never refused.
func TestADeliveryIsReadWhateverItsShape(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"no entry": `{"object":"page"}`, "entry is no list": `{"object":"page","entry":5}`, "unknown object": `{"object":"user","entry":[{"id":"1"}]}`,
		"object is no string": `{"object":{"a":1},"entry":[]}`, "a number": `7`, "a list of numbers": `[1,2]`, "an empty list": `[]`, "nested lists": `[[[[{"object":"page"}]]]]`,
		"entries of nothing": `{"object":"page","entry":[null,1,"x",{}]}`} {
		for _, object := range []string{"page", "instagram"} {
			if parts, err := meta.SplitMessaging([]byte(body), object); err != nil || len(parts) != 0 {
				t.Errorf("%s as %s: %d parts, %v", name, object, len(parts), err)
			}
		}
		if parts, err := meta.SplitChanges([]byte(body), "whatsapp_business_account"); err != nil || len(parts) != 0 {
			t.Errorf("%s: %d parts, %v", name, len(parts), err)
		}
	}
}

func TestADeliveryIsCutByAccountInOrderAndWithinBounds(t *testing.T) {
	t.Parallel()
	event := func(to, mid string) string {
		return `{"sender":{"id":"1"},"recipient":{"id":"` + to + `"},"timestamp":1,"message":{"mid":"` + mid + `","text":"\u00e4"}}`
	}
	body := `{"object":"page","entry":[{"id":"A","time":1,"messaging":[` + event("A", "1") + `,` + event("B", "2") + `]},{"id":"A","time":2,"standby":[` + event("A", "3") + `]},{"id":"B","time":3,"messaging":[{"x":1}]}]}`
	parts, err := meta.SplitMessaging([]byte(body), "page")
	if err != nil || len(parts) != 2 || parts[0].OutsideID != "A" || parts[1].OutsideID != "B" {
		t.Fatalf("%d parts %v", len(parts), err)
	}
	for i, want := range []string{"1 3", "2"} {
		env, err := meta.Open(parts[i].Body)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range env.Entry {
			for _, ev := range append(meta.All[meta.Event](e.Messaging), meta.All[meta.Event](e.Standby)...) {
				if ev.Message.OK {
					got = append(got, string(ev.Message.V.MID))
				}
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("part %d holds %q", i, got)
		}
	}
	if !strings.Contains(string(parts[0].Body), `\u00e4`) {
		t.Error("an event was written anew")
	}
	var many []string
	for i := range channel.MaxParts + 1 {
		many = append(many, `{"id":"p`+strings.Repeat("x", i%7)+string(rune('a'+i%26))+strings.Repeat("y", i/26)+`","messaging":[{"a":1}]}`)
	}
	if _, err := meta.SplitMessaging([]byte(`{"object":"page","entry":[`+strings.Join(many, ",")+`]}`), "page"); err != nil && desk.CodeOf(err) != desk.Invalid {
		t.Error(err)
	}
}

func TestTheObjectIsFoundWhereverItStands(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{`{"object":"page"}`: true, ` { "entry" : [] , "object" : "page" } `: true, `{"object":"pag\u0065"}`: true,
		`{"object":"instagram","x":{"object":"page"}}`: false, `{"object":"page","object":"instagram"}`: false, `{"x":{"object":"page"}}`: false, ``: false, `{"object":"page`: false} {
		if got := meta.Is([]byte(body), "page"); got != want {
			t.Errorf("%s: %v", body, got)
		}
	}
}

// covers 6.2, 6.3 of the reference: every code has words in both languages.
func TestEveryRefusalHasWordsInBothLanguages(t *testing.T) {
	t.Parallel()
	codes := []int64{0, 1, 2, 3, 4, 10, 17, 32, 33, 100, 190, 200, 230, 250, 299, 368, 506, 551, 613, 1200, 9010, 80001, 80002, 80006, 80007, 80008,
		130429, 130472, 130497, 131000, 131005, 131008, 131009, 131016, 131021, 131026, 131031, 131037, 131042, 131045, 131047, 131048, 131049, 131050, 131051, 131052,
		131053, 131056, 131057, 131062, 132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069, 133000, 133004, 133005, 133006, 133008, 133009, 133010,
		133015, 133016, 134011, 135000, 1545041, 2388019, 777777}
	for _, code := range codes {
		reason := meta.ReasonOf(code, 0)
		for _, l := range i18n.Locales() {
			if channel.Words(l, reason) == "" {
				t.Errorf("%d (%s) has no words in %s", code, reason, l)
			}
		}
		if code != 777777 && code != 135000 && code != 0 && reason == "refused" {
			t.Errorf("%d is not in the table", code)
		}
	}
	for _, c := range []struct {
		code, sub int64
		reason    string
	}{{10, 2018278, "window_closed"}, {10, 2018065, "window_closed"}, {10, 2534022, "window_closed"}, {10, 2018108, "person_unavailable"}, {200, 1545041, "person_unavailable"},
		{10, 2018300, "thread_elsewhere"}, {10, 1893063, "page_restricted"}, {100, 2018001, "no_such_person"}, {100, 2534014, "no_such_person"}, {100, 2534025, "comment_closed"},
		{190, 458, "app_removed"}, {190, 459, "checkpoint"}, {190, 460, "password_changed"}, {190, 463, "token_expired"}, {190, 464, "account_unconfirmed"}, {190, 467, "token_invalid"},
		{190, 492, "role_lost"}, {190, 1, "token_invalid"}, {613, 2018338, "abuse_warning"}, {200, 2018028, "app_not_live"}, {10, 1, "permission_missing"}, {100, 5, "bad_request"}} {
		if got := meta.ReasonOf(c.code, c.sub); got != c.reason {
			t.Errorf("%d/%d is %s, want %s", c.code, c.sub, got, c.reason)
		}
	}
}

func TestTokensOfInstagramLoginAreRenewedEarlyAndNeverYoung(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		d    desk.AccountDetails
		want time.Time
	}{
		"sixty days":       {desk.AccountDetails{Login: meta.LoginInstagram, TokenAt: at, TokenUntil: at.Add(60 * day)}, at.Add(30 * day)},
		"ten days":         {desk.AccountDetails{Login: meta.LoginInstagram, TokenAt: at, TokenUntil: at.Add(10 * day)}, at.Add(day)},
		"of a page":        {desk.AccountDetails{Login: meta.LoginFacebook, TokenAt: at, TokenUntil: at.Add(60 * day)}, time.Time{}},
		"without an end":   {desk.AccountDetails{Login: meta.LoginInstagram, TokenAt: at}, time.Time{}},
		"of a system user": {desk.AccountDetails{Login: meta.LoginWhatsApp, TokenUntil: at.Add(60 * day)}, time.Time{}},
	} {
		if got := meta.RenewAt(c.d); !got.Equal(c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAfterReadsHowLongToWait(t *testing.T) {
	t.Parallel()
	if channel.After(&desk.Error{Code: desk.TooMany, Cause: &channel.Later{After: time.Minute}}) != time.Minute || channel.After(errors.New("x")) != 0 {
		t.Error("the wait is lost")
	}
}
