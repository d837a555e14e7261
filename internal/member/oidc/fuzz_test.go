package oidc

import (
	"crypto/ed25519"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"parley/internal/kit/clock"
)

// said is a provider without a network: what it says at each address.
type voice map[string]string

func (v voice) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(v[r.URL.Path])), Request: r}, nil
}

// A provider's word about itself and about a person, whatever it is: nothing but
// a sound address to send a browser to, and nobody without a subject of a bounded
// length, a nonce, and an address that is confirmed only by the word true.
func FuzzProviderSays(f *testing.F) {
	const issuer = "https://id.example"
	b64 := base64.RawURLEncoding.EncodeToString
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	about := `{"issuer":"` + issuer + `","authorization_endpoint":"https://id.example/a","token_endpoint":"https://id.example/t","jwks_uri":"https://id.example/k","id_token_signing_alg_values_supported":["EdDSA"]}`
	pub, _ := key.Public().(ed25519.PublicKey)
	keys := `{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","x":"` + b64(pub) + `"}]}`
	now := time.Unix(1_800_000_000, 0)
	o := &Outside{Parts: Parts{Clock: clock.NewFake(now)}}
	f.Add(about, `{"iss":"https://id.example","aud":"c","sub":"7","nonce":"n","iat":1800000000,"exp":1800000600,"email":"a@b.c","email_verified":true}`)
	f.Add(strings.Replace(about, "https://id.example/a", "javascript:1", 1), `{"iss":"https://id.example","aud":["c","d"],"sub":{},"exp":1e400}`)
	f.Add(`{`, `[]`)
	f.Fuzz(func(t *testing.T, discovery, claims string) {
		ctx := oidc.ClientContext(t.Context(), &http.Client{Transport: voice{"/.well-known/openid-configuration": discovery}})
		if p, err := oidc.NewProvider(ctx, issuer); err == nil && safe(p.Endpoint().AuthURL, issuer) && !strings.HasPrefix(strings.ToLower(p.Endpoint().AuthURL), "https://") {
			t.Fatalf("a browser is sent to %q", p.Endpoint().AuthURL)
		}
		ctx = oidc.ClientContext(t.Context(), &http.Client{Transport: voice{"/.well-known/openid-configuration": about, "/k": keys}})
		p, err := oidc.NewProvider(ctx, issuer)
		if err != nil {
			t.Fatal(err)
		}
		signed := b64([]byte(`{"alg":"EdDSA"}`)) + "." + b64([]byte(claims))
		who, err := o.read(ctx, p, Issuer{URL: issuer, Client: "c"}, signed+"."+b64(ed25519.Sign(key, []byte(signed))))
		if err == nil && (who.Subject == "" || len(who.Subject) > maxSubject || who.nonce == "" || len(who.Email) > maxEmail ||
			who.Verified && (who.Email == "" || !strings.Contains(claims, "true"))) {
			t.Fatalf("%q says %+v", claims, who)
		}
	})
}
