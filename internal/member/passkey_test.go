package member_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/test/passkeytest"
	"parley/test/storetest"
)

// ask is what a browser would be asked; for the zero Who to sign in.
func askFor(t *testing.T, r *member.Roster, who member.Who) []byte {
	t.Helper()
	raw, err := r.AskPasskey(context.Background(), who)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func byPasskey(r *member.Roster, credential []byte) (member.Signed, error) {
	return r.SignInByPasskey(context.Background(), member.PasskeySignIn{Credential: credential, Address: "192.0.2.9", UserAgent: "Firefox"})
}

// asvs: V6.3.3, V6.5.7, V6.7.2
// covers H-92
func TestAPasskeySignsInAndIsTheSecondFactorToo(t *testing.T) {
	strict(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		add(t, r, "Kumaş", "ada@example.com", desk.RoleOwner)
		a, d := addPasskey(t, r, signIn(t, r, "ada@example.com"))
		if a.Who.Step != desk.StepIn || len(a.Recovery) != 10 {
			t.Fatalf("after adding: %q, %d recovery codes", a.Who.Step, len(a.Recovery))
		}
		s, err := byPasskey(r, d.Get(t, askFor(t, r, member.Who{})))
		if err != nil || s.Who.Step != desk.StepIn || s.Who.Member.Email != "ada@example.com" {
			t.Fatalf("step %q: %v", s.Who.Step, err)
		}
		s = signIn(t, r, "ada@example.com")
		if s.Who.Step != desk.StepFactor {
			t.Fatal("a password alone")
		}
		passed, err := r.Pass(ctx, s.Who, s.Token, member.Answer{Passkey: d.Get(t, askFor(t, r, s.Who))})
		if err != nil || passed.Who.Step != desk.StepIn || passed.Token == s.Token {
			t.Fatalf("as second factor: %v", err)
		}
		w.Fake.Advance(desk.ProofTerm)
		who, err := r.Session(ctx, passed.Token)
		if err != nil || r.Fresh(who) {
			t.Fatalf("an old proof is fresh: %v", err)
		}
		if err := r.Prove(ctx, who, member.Answer{Passkey: d.Get(t, askFor(t, r, who))}, ""); err != nil {
			t.Fatal(err)
		}
		if who, err = r.Session(ctx, passed.Token); err != nil || !r.Fresh(who) {
			t.Fatalf("not fresh after a proof: %v", err)
		}
	})
}

// Each row shows a passkey as a thief, a liar or a copy would; none opens.
// asvs: V6.5.7, V6.6.2
func TestNoPasskeyOpensWhatIsNotItsOwn(t *testing.T) {
	strict(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		add(t, r, "Kumaş", "ada@example.com", desk.RoleOwner)
		add(t, r, "Kumaş", "eve@example.com", desk.RoleAgent)
		add(t, r, "Other", "oz@example.com", desk.RoleOwner)
		a, ada := addPasskey(t, r, signIn(t, r, "ada@example.com"))
		e, eve := addPasskey(t, r, signIn(t, r, "eve@example.com"))
		_, oz := addPasskey(t, r, signIn(t, r, "oz@example.com"))
		nobody := member.Who{}
		replay := ada.Get(t, askFor(t, r, nobody))
		if _, err := byPasskey(r, replay); err != nil {
			t.Fatal(err)
		}
		changed := func(change func(d *passkeytest.Device)) []byte {
			d := ada.Copy()
			d.Count += 10
			change(d)
			return d.Get(t, askFor(t, r, nobody))
		}
		late := ada.Get(t, askFor(t, r, nobody))
		other := member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4, Home: "https://other.example.com"})
		for name, raw := range map[string][]byte{
			"the same answer again":      replay,
			"a page elsewhere":           changed(func(d *passkeytest.Device) { d.Origin = "https://chat.example.com.evil.example" }),
			"plain http":                 changed(func(d *passkeytest.Device) { d.Origin = "http://chat.example.com" }),
			"another port":               changed(func(d *passkeytest.Device) { d.Origin = home + ":8443" }),
			"another host's key":         changed(func(d *passkeytest.Device) { d.RP = "evil.example" }),
			"nobody was asked":           changed(func(d *passkeytest.Device) { d.Blind = true }),
			"nobody was there":           changed(func(d *passkeytest.Device) { d.Away = true }),
			"a question for eve's proof": eve.Get(t, askFor(t, r, e.Who)),
			"a question of their own":    ada.Get(t, []byte(`{"challenge":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","rpId":"chat.example.com"}`)),
			"a bit of the signature":     flipped(t, ada.Get(t, askFor(t, r, nobody)), "signature"),
			"a bit of what the key says": flipped(t, ada.Get(t, askFor(t, r, nobody)), "authenticatorData"),
			"another's handle":           swapped(t, ada.Get(t, askFor(t, r, nobody)), eve.Get(t, askFor(t, r, nobody))),
			"another workspace's handle": swapped(t, ada.Get(t, askFor(t, r, nobody)), oz.Get(t, askFor(t, r, nobody))),
			"a handle cut short":         handled(t, ada.Get(t, askFor(t, r, nobody)), "AAAAAAAAAAE"),
			"a handle with more":         handled(t, ada.Get(t, askFor(t, r, nobody)), "AAAAAAAAAAEAAAAAAAAAAQAA"),
			"a question with more":       ada.Get(t, longer(t, askFor(t, r, nobody))),
			"a question spoilt":          ada.Get(t, []byte(`{"challenge":"*","rpId":"chat.example.com"}`)),
			"nothing":                    []byte(`{}`),
			"no JSON":                    []byte(`<a>`),
		} {
			if s, err := byPasskey(r, raw); err == nil || s.Token != "" || desk.CodeOf(err) == desk.Internal {
				t.Errorf("%s signed in, or was not looked at: %v", name, err)
			}
		}
		if _, err := byPasskey(other, ada.Get(t, askFor(t, r, nobody))); err == nil {
			t.Error("an answer for one host opened another")
		}
		w.Fake.Advance(6 * time.Minute)
		if _, err := byPasskey(r, late); err == nil {
			t.Error("an answer after six minutes opened")
		}
		// As second factor only one's own passkey counts, for one's own question.
		s := signIn(t, r, "ada@example.com")
		for name, raw := range map[string][]byte{
			"eve's key for ada's question": eve.Get(t, askFor(t, r, s.Who)),
			"another sign-in's question":   ada.Get(t, askFor(t, r, a.Who)),
			"a question to sign in":        ada.Get(t, askFor(t, r, nobody)),
		} {
			if _, err := r.Pass(ctx, s.Who, s.Token, member.Answer{Passkey: raw}); err == nil {
				t.Errorf("%s passed", name)
			}
		}
		raw := ada.Get(t, askFor(t, r, s.Who))
		if n, _ := atOnce(20, func() error {
			_, err := r.Pass(ctx, s.Who, s.Token, member.Answer{Passkey: raw})
			return err
		}); n != 1 {
			t.Errorf("one answer in 20 hands passed %d times", n)
		}
		// A copy that counts on its own gives itself away.
		behind := ada.Copy()
		if _, err := byPasskey(r, ada.Get(t, askFor(t, r, nobody))); err != nil {
			t.Fatal(err)
		}
		if _, err := byPasskey(r, behind.Get(t, askFor(t, r, nobody))); err == nil {
			t.Error("a copied passkey opened")
		}
	})
}

// asvs: V6.5.7
func TestAPasskeyIsAddedOnlyByItsOwnSignInAndOnce(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	r := member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4, Home: home})
	ctx := t.Context()
	add(t, r, "Kumaş", "ada@example.com", desk.RoleAgent)
	add(t, r, "Kumaş", "eve@example.com", desk.RoleAgent)
	ada, eve := signIn(t, r, "ada@example.com"), signIn(t, r, "eve@example.com")
	begin := func(s member.Signed) []byte {
		raw, err := r.BeginPasskey(ctx, s.Who)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	for name, raw := range map[string][]byte{
		"eve's question":   (&passkeytest.Device{Origin: home}).Create(t, begin(eve)),
		"a page elsewhere": (&passkeytest.Device{Origin: "https://evil.example"}).Create(t, begin(ada)),
		"another host":     (&passkeytest.Device{Origin: home, RP: "evil.example"}).Create(t, begin(ada)),
		"nobody asked":     (&passkeytest.Device{Origin: home, Blind: true}).Create(t, begin(ada)),
		"no JSON":          []byte("x"),
	} {
		if _, err := r.AddPasskey(ctx, ada.Who, ada.Token, "Key", raw); err == nil {
			t.Errorf("%s: added", name)
		}
	}
	raw := (&passkeytest.Device{Origin: home}).Create(t, begin(ada))
	a, err := r.AddPasskey(ctx, ada.Who, ada.Token, "Key", raw)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.AddPasskey(ctx, a.Who, a.Token, "Key", raw); desk.CodeOf(err) != desk.Conflict {
		t.Errorf("added twice: %v", err)
	}
	for at, want := range map[string]string{"https://Chat.Example.com": "chat.example.com", "http://127.0.0.1:8080": "localhost", "http://[::1]:8080": "localhost",
		"http://localhost:8080": "localhost", "https://203.0.113.7": "", "": ""} {
		if got := member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4, Home: at}).PasskeyHost(); got != want {
			t.Errorf("%s has passkeys of %q, want %q", at, got, want)
		}
	}
}

func fields(t *testing.T, raw []byte) (whole, response map[string]any) {
	t.Helper()
	if err := json.Unmarshal(raw, &whole); err != nil {
		t.Fatal(err)
	}
	return whole, whole["response"].(map[string]any)
}

func flipped(t *testing.T, raw []byte, field string) []byte {
	t.Helper()
	whole, response := fields(t, raw)
	b := []byte(response[field].(string))
	if b[20]++; !bytes.ContainsRune([]byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), rune(b[20])) {
		b[20] = 'A'
	}
	response[field] = string(b)
	out, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// swapped is one's answer under another's handle.
// handled says that another member shows the passkey.
func handled(t *testing.T, raw []byte, handle string) []byte {
	t.Helper()
	whole, response := fields(t, raw)
	response["userHandle"] = handle
	out, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// longer is a question with four letters behind it.
func longer(t *testing.T, raw []byte) []byte {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatal(err)
	}
	o["challenge"] = o["challenge"].(string) + "AAAA"
	out, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func swapped(t *testing.T, raw, others []byte) []byte {
	t.Helper()
	whole, response := fields(t, raw)
	_, theirs := fields(t, others)
	response["userHandle"] = theirs["userHandle"]
	out, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
