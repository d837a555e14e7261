package meta

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// SignatureHeader carries "sha256=" and 64 hex digits (2.2). The older header
// with sha1 is never looked at.
const SignatureHeader = "x-hub-signature-256"

// VerifyRaw checks a delivery against every secret; all are tried, so that the
// time tells nothing about which one fits.
func VerifyRaw(secrets []secret.Text, raw channel.Raw) error {
	digits, known := strings.CutPrefix(raw.Header[SignatureHeader], "sha256=")
	given, err := hex.DecodeString(digits)
	ok := false
	for _, key := range secrets {
		ok = hmac.Equal(given, mac(key, raw.Body)) && !key.IsZero() || ok
	}
	// Meta writes lower case (2.2): anything else was not written by it.
	if !ok || !known || err != nil || digits != strings.ToLower(digits) || len(raw.Body) == 0 {
		return desk.Fail(desk.Unauthenticated, "bad_signature", "the signature does not fit the body")
	}
	return nil
}

func mac(key secret.Text, b []byte) []byte {
	m := hmac.New(sha256.New, []byte(key.Reveal()))
	m.Write(b)
	return m.Sum(nil)
}

// Proof is the appsecret_proof of a token (1.1).
func Proof(appSecret, token secret.Text) string {
	return hex.EncodeToString(mac(appSecret, []byte(token.Reveal())))
}

// skew is how far Meta's clock may run ahead of ours.
const skew = 5 * time.Minute

// ReadSigned verifies a signed_request (7): the signature is over the encoded
// payload.
func ReadSigned(secrets []secret.Text, signed string, now time.Time, maxAge time.Duration) (channel.Request, error) {
	refused := desk.Fail(desk.Invalid, "bad_signed_request", "the signed request is not one of ours, or too old")
	sig, payload, ok := strings.Cut(signed, ".")
	if !ok || len(signed) > 8<<10 {
		return channel.Request{}, refused
	}
	given, err := unbase(sig)
	fits := false
	for _, key := range secrets {
		fits = hmac.Equal(given, mac(key, []byte(payload))) && !key.IsZero() || fits
	}
	if err != nil || !fits {
		return channel.Request{}, refused
	}
	raw, err := unbase(payload)
	if err != nil {
		return channel.Request{}, refused
	}
	var p struct {
		Algorithm string `json:"algorithm"`
		Issued    Stamp  `json:"issued_at"`
		Expires   Stamp  `json:"expires"`
		User      Str    `json:"user_id"`
	}
	if json.Unmarshal(raw, &p) != nil || !strings.EqualFold(p.Algorithm, "HMAC-SHA256") || p.User.ID() == "" {
		return channel.Request{}, refused
	}
	at := p.Issued.Time()
	if at.IsZero() || now.Sub(at) > maxAge || at.Sub(now) > skew || !p.Expires.Time().IsZero() && now.After(p.Expires.Time()) {
		return channel.Request{}, refused
	}
	return channel.Request{AppUser: p.User.ID(), IssuedAt: at}, nil
}

func unbase(s string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
}
