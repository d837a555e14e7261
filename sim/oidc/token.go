package oidc

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

const keyID = "stand-in-1"

// claims of an honest identity token, and what the lies make of them.
func (s *Sim) claims(g grant) map[string]any {
	now := s.now()
	c := map[string]any{"iss": s.Issuer(), "aud": s.opt.ClientID, "azp": s.opt.ClientID, "sub": g.person.Subject, "iat": now.Unix(),
		"exp": now.Add(time.Hour).Unix(), "nonce": g.nonce, "email": g.person.Email, "email_verified": g.person.Verified, "name": g.person.Name}
	if at := s.pictureOf(g.person); at != nil {
		c["picture"] = at
	}
	if g.again {
		c["auth_time"] = now.Unix()
	}
	for lie, change := range map[Lie]func(){
		OtherIssuer:   func() { c["iss"] = foreignHost },
		OtherAudience: func() { c["aud"] = "somebody-else" },
		TwoAudiences:  func() { c["aud"], c["azp"] = []string{s.opt.ClientID, "somebody-else"}, "somebody-else" },
		OtherNonce:    func() { c["nonce"] = random() },
		NoNonce:       func() { delete(c, "nonce") },
		Expired:       func() { c["exp"], c["iat"] = now.Add(-time.Hour).Unix(), now.Add(-2*time.Hour).Unix() },
		NoExpiry:      func() { delete(c, "exp") },
		NotYet:        func() { c["nbf"] = now.Add(time.Hour).Unix() },
		IssuedLater:   func() { c["iat"] = now.Add(time.Hour).Unix() },
		NoSubject:     func() { delete(c, "sub") },
		LongSubject:   func() { c["sub"] = strings.Repeat("9", 5000) },
		NumberClient:  func() { c["azp"] = 42 },
		LongToken:     func() { c["name"] = strings.Repeat("n", 40<<10) },
		NumberSubject: func() { c["sub"] = 42 },
		Unverified:    func() { c["email_verified"] = false },
		SaysVerified:  func() { c["email_verified"] = "certainly" },
		NoEmail:       func() { delete(c, "email"); delete(c, "email_verified") },
		StaleAuth:     func() { c["auth_time"] = now.Add(-time.Hour).Unix() },
		NoAuthTime:    func() { delete(c, "auth_time") },
		WordAuthTime:  func() { c["auth_time"] = "just now" },
		LateAuthTime:  func() { c["auth_time"] = now.Add(time.Hour).Unix() },
		OtherInfo:     func() { delete(c, "email"); delete(c, "email_verified") },
	} {
		if s.tells(lie) {
			change()
		}
	}
	return c
}

// idToken signs the claims, or does not.
func (s *Sim) idToken(g grant) string {
	if s.tells(Garbage) {
		return "not.a.token"
	}
	head := map[string]string{"alg": "RS256", "typ": "JWT", "kid": keyID}
	switch {
	case s.tells(AlgNone):
		head["alg"] = "none"
	case s.tells(AlgHMAC):
		head["alg"] = "HS256"
	case s.tells(UnknownKey):
		head["kid"] = "stand-in-2"
	}
	body := part(head) + "." + part(s.claims(g))
	var sign []byte
	switch sum := sha256.Sum256([]byte(body)); {
	case s.tells(AlgNone), s.tells(CutSignature):
		return body + "."
	case s.tells(AlgHMAC):
		mac := hmac.New(sha256.New, []byte(s.opt.ClientSecret))
		mac.Write([]byte(body))
		sign = mac.Sum(nil)
	case s.tells(ForeignKey), s.tells(UnknownKey):
		sign, _ = rsa.SignPKCS1v15(nil, s.foreign, crypto.SHA256, sum[:]) // the key is sound
	default:
		sign, _ = rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, sum[:]) // the key is sound
	}
	if s.tells(ChangedClaims) {
		g.person.Subject = "1"
		body = part(head) + "." + part(s.claims(g))
	}
	return body + "." + base64.RawURLEncoding.EncodeToString(sign)
}

func part(v any) string {
	raw, _ := json.Marshal(v) // maps of plain values
	return base64.RawURLEncoding.EncodeToString(raw)
}
