package meta

import (
	"encoding/base64"
	"testing"
	"time"

	"parley/internal/kit/secret"
)

// Whatever somebody posts as a signed request: without our secret nothing of it
// is believed, and what is signed says of whom it is or is refused.
func FuzzSignedRequest(f *testing.F) {
	now := time.Unix(1_800_000_000, 0)
	for _, s := range []string{`{"algorithm":"HMAC-SHA256","issued_at":1799999990,"user_id":"218471"}`, `{"algorithm":"none","user_id":7}`, `{"user_id":{}}`, `.`, `[]`} {
		f.Add(s, "sig.payload")
	}
	keys := []secret.Text{secret.New("the app's secret")}
	f.Fuzz(func(t *testing.T, payload, raw string) {
		if _, err := ReadSigned(keys, raw, now, time.Hour); err == nil {
			t.Fatalf("%q is believed", raw)
		}
		body := base64.RawURLEncoding.EncodeToString([]byte(payload))
		signed := base64.RawURLEncoding.EncodeToString(mac(keys[0], []byte(body))) + "." + body
		got, err := ReadSigned(keys, signed, now, time.Hour)
		if err == nil && got.AppUser == "" {
			t.Fatalf("%q is of nobody", payload)
		}
	})
}
