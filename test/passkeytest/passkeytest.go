package passkeytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
)

// Device holds one passkey at most.
type Device struct {
	Origin string // of the page that asks
	RP     string // "" = what the options say
	Blind  bool   // nobody was asked for a finger or a code
	Away   bool   // nobody touched it
	Count  uint32 // uses so far; a device that does not count stays at 0
	Step   uint32 // by how much Count grows with each use

	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte
}

type options struct {
	Challenge string `json:"challenge"`
	RPID      string `json:"rpId"`
	RP        struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func must[T any](t testing.TB, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func read(t testing.TB, raw []byte) options {
	t.Helper()
	var o options
	if err := json.Unmarshal(raw, &o); err != nil || o.Challenge == "" {
		t.Fatalf("options: %v %.300s", err, raw)
	}
	return o
}

func (d *Device) client(t testing.TB, kind, challenge string) []byte {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.Origin, "crossOrigin": false})
	return must(t, raw, err)
}

// authData is what a device says of itself: whose page, which flags, how often.
func (d *Device) authData(rp string, extra byte) []byte {
	if d.RP != "" {
		rp = d.RP
	}
	sum := sha256.Sum256([]byte(rp))
	flags := extra
	if !d.Away {
		flags |= 1
	}
	if !d.Blind {
		flags |= 4
	}
	return binary.BigEndian.AppendUint32(append(sum[:], flags), d.Count)
}

// Create makes a passkey for the options of a server, as the browser's answer.
func (d *Device) Create(t testing.TB, raw []byte) []byte {
	t.Helper()
	o := read(t, raw)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	d.key = must(t, key, err)
	handle, err := base64.RawURLEncoding.DecodeString(o.User.ID)
	d.handle = must(t, handle, err)
	d.id = make([]byte, 16)
	_, _ = rand.Read(d.id)
	point, err := d.key.PublicKey.Bytes()
	point = must(t, point, err)
	cose, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	cose = must(t, cose, err)
	data := append(d.authData(o.RP.ID, 0x40), make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(d.id)))
	data = append(append(data, d.id...), cose...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	object = must(t, object, err)
	out, err := json.Marshal(map[string]any{"id": b64(d.id), "rawId": b64(d.id), "type": "public-key", "clientExtensionResults": map[string]any{},
		"response": map[string]any{"clientDataJSON": b64(d.client(t, "webauthn.create", o.Challenge)), "attestationObject": b64(object), "transports": []string{"internal"}}})
	return must(t, out, err)
}

// Get answers the options of a server with the passkey, as the browser would.
func (d *Device) Get(t testing.TB, raw []byte) []byte {
	t.Helper()
	o := read(t, raw)
	d.Count += d.Step
	client := d.client(t, "webauthn.get", o.Challenge)
	data := d.authData(o.RPID, 0)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, d.key, sum[:])
	sig = must(t, sig, err)
	out, err := json.Marshal(map[string]any{"id": b64(d.id), "rawId": b64(d.id), "type": "public-key", "clientExtensionResults": map[string]any{},
		"response": map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(sig), "userHandle": b64(d.handle)}})
	return must(t, out, err)
}

// Copy is a second device that holds the same passkey, at the same count.
func (d *Device) Copy() *Device {
	c := *d
	return &c
}
