package member

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// What a browser says its passkey made or signed is read without trouble, down to
// the CBOR inside, and never believed without a challenge of ours.
func FuzzPasskeyAnswers(f *testing.F) {
	b64 := base64.RawURLEncoding.EncodeToString
	client := []byte(`{"type":"webauthn.create","challenge":"AAAA","origin":"https://chat.example"}`)
	f.Add(client, []byte("\xa3cfmtdnonegattStmt\xa0hauthDataX\x25"+string(make([]byte, 37))), make([]byte, 37), []byte("sig"))
	f.Add([]byte(`{"type":"webauthn.get","challenge":"AAAA","origin":"https://chat.example"}`), []byte("\xbf"), append(make([]byte, 32), 0x45, 0, 0, 0, 1), []byte{})
	keys, err := webauthn.New(&webauthn.Config{RPID: "chat.example", RPDisplayName: "Parley", RPOrigins: []string{"https://chat.example"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, client, attested, data, sig []byte) {
		made, err := json.Marshal(map[string]any{"id": "AAAA", "rawId": "AAAA", "type": "public-key",
			"response": map[string]any{"clientDataJSON": b64(client), "attestationObject": b64(attested)}})
		if err != nil {
			t.Fatal(err)
		}
		session := webauthn.SessionData{Challenge: "b3VyIG93biBjaGFsbGVuZ2U", RelyingPartyID: "chat.example", UserID: []byte("1"), UserVerification: protocol.VerificationRequired,
			CredParams: webauthn.CredentialParametersDefault()}
		if parsed, err := protocol.ParseCredentialCreationResponseBytes(made); err == nil {
			if _, err := keys.CreateCredential(holder{}, session, parsed); err == nil {
				t.Fatal("a passkey is taken that answers nothing of ours")
			}
		}
		shownAs, err := json.Marshal(map[string]any{"id": "AAAA", "rawId": "AAAA", "type": "public-key",
			"response": map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(sig)}})
		if err != nil {
			t.Fatal(err)
		}
		if s, err := readPasskey(shownAs); err == nil {
			if _, err := keys.ValidateLogin(holder{}, session, s.parsed); err == nil {
				t.Fatal("a passkey opens without a key")
			}
		}
	})
}
