package member

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"parley/internal/desk"
	"parley/internal/store"
)

// relying is how browsers know this install: a host, and the exact origin its
// pages have. nil where passkeys cannot be: a browser takes none for a bare
// network address.
func relying(home string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(home)
	if err != nil || u.Hostname() == "" {
		return nil, nil
	}
	host, origin := strings.ToLower(u.Hostname()), u.Scheme+"://"+u.Host
	if host == "127.0.0.1" || host == "::1" { // this machine, which browsers call by name
		host, origin = "localhost", u.Scheme+"://localhost"
		if u.Port() != "" {
			origin += ":" + u.Port()
		}
	}
	if protocol.ValidateRPID(host) != nil {
		return nil, nil
	}
	return webauthn.New(&webauthn.Config{RPID: host, RPDisplayName: "Parley", RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired}})
}

// PasskeyHost is the host name passkeys of this install belong to; "" = there
// are none here.
func (r *Roster) PasskeyHost() string {
	if r.passkeys == nil {
		return ""
	}
	return r.passkeys.Config.RPID
}

func errPasskey() error {
	return desk.Fail(desk.Forbidden, "passkey_refused", "this passkey does not open this account here; take another way")
}

func errNoPasskeys() error {
	return desk.Fail(desk.Conflict, "no_passkeys", "passkeys need the install to have a name: set PARLEY_PUBLIC_URL")
}

// holder is a member as a passkey knows them. Their handle is ids, which say
// nothing about them.
type holder struct {
	who  Who
	keys []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return handle(h.who) }
func (h holder) WebAuthnName() string                       { return h.who.Member.Email }
func (h holder) WebAuthnDisplayName() string                { return h.who.Member.Name + ", " + h.who.Workspace.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func handle(who Who) []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(who.Workspace.ID))
	return binary.BigEndian.AppendUint64(b, uint64(who.Member.ID))
}

// keysOf reads a member's passkeys; rows are in the same order.
func keysOf(rx *store.Rx, member desk.ID) (keys []webauthn.Credential, rows []store.Factor, err error) {
	all, err := rx.Factors(member)
	for _, f := range all {
		if f.Kind != desk.FactorPasskey || len(f.Secret) == 0 {
			continue
		}
		var c webauthn.Credential
		if err := json.Unmarshal(f.Secret, &c); err != nil {
			return nil, nil, err
		}
		keys, rows = append(keys, c), append(rows, f)
	}
	return keys, rows, err
}

func kept(c webauthn.Credential) ([]byte, error) {
	c.Attestation = webauthn.CredentialAttestation{} // said once, proves nothing later
	return json.Marshal(c)
}

// BeginPasskey gives a browser what it asks a new passkey with: the publicKey
// member of navigator.credentials.create, as JSON.
func (r *Roster) BeginPasskey(ctx context.Context, who Who) (json.RawMessage, error) {
	if r.passkeys == nil {
		return nil, errNoPasskeys()
	}
	h, err := r.holder(ctx, who)
	if err != nil {
		return nil, err
	}
	ch, err := r.challenge(ctx, toAddPasskey, who, challengeTerm)
	if err != nil {
		return nil, err
	}
	var known []protocol.CredentialDescriptor
	for _, c := range h.keys {
		known = append(known, c.Descriptor())
	}
	ask, _, err := r.passkeys.BeginRegistration(h, webauthn.WithExclusions(known))
	if err != nil {
		return nil, err
	}
	ask.Response.Challenge = ch
	return json.Marshal(ask.Response)
}

func (r *Roster) holder(ctx context.Context, who Who) (holder, error) {
	h := holder{who: who}
	err := r.db.In(who.Workspace.ID).Read(ctx, func(rx *store.Rx) (err error) {
		h.keys, _, err = keysOf(rx, who.Member.ID)
		return err
	})
	return h, err
}

// AddPasskey adds what the browser made. token and Added as ConfirmTOTP.
func (r *Roster) AddPasskey(ctx context.Context, who Who, token, name string, credential []byte) (Added, error) {
	if r.passkeys == nil {
		return Added{}, errNoPasskeys()
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(credential)
	if err != nil {
		return Added{}, errPasskey()
	}
	text := parsed.Response.CollectedClientData.Challenge
	ch := decoded(text)
	ends, err := r.answered(ctx, ch, toAddPasskey, who)
	if err != nil {
		return Added{}, err
	}
	session := webauthn.SessionData{Challenge: text, RelyingPartyID: r.passkeys.Config.RPID, UserID: handle(who), UserVerification: protocol.VerificationRequired,
		CredParams: webauthn.CredentialParametersDefault()}
	made, err := r.passkeys.CreateCredential(holder{who: who}, session, parsed)
	if err != nil {
		return Added{}, errPasskey()
	}
	sealed, err := kept(*made)
	if err != nil {
		return Added{}, err
	}
	var a Added
	err = r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockMember(who.Member.ID); err != nil {
			return err
		}
		keys, _, err := keysOf(&tx.Rx, who.Member.ID)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if string(k.ID) == string(made.ID) {
				return desk.Fail(desk.Conflict, "passkey_known", "this passkey is among yours already")
			}
		}
		if err := spend(tx, ch, ends); err != nil {
			return err
		}
		a, err = r.add(tx, who, token, store.Factor{Factor: desk.Factor{Kind: desk.FactorPasskey, Name: name}, Secret: sealed})
		return err
	})
	if err != nil {
		return Added{}, err
	}
	a.Who, err = r.Still(ctx, a.Token)
	return a, err
}

// AskPasskey gives a browser what it asks for a passkey with: the publicKey
// member of navigator.credentials.get, as JSON. For nobody in particular (the
// zero Who) any passkey of this host answers.
func (r *Roster) AskPasskey(ctx context.Context, who Who) (json.RawMessage, error) {
	if r.passkeys == nil {
		return nil, errNoPasskeys()
	}
	p := toSignIn
	var known []protocol.CredentialDescriptor
	if who.Session != 0 {
		p = toPass
		h, err := r.holder(ctx, who)
		if err != nil {
			return nil, err
		}
		if len(h.keys) == 0 {
			return nil, desk.Fail(desk.Conflict, "no_passkey", "you have no passkey; take another way")
		}
		for _, c := range h.keys {
			known = append(known, c.Descriptor())
		}
	}
	ch, err := r.challenge(ctx, p, who, challengeTerm)
	if err != nil {
		return nil, err
	}
	ask, _, err := r.passkeys.BeginDiscoverableLogin(webauthn.WithChallenge(ch), webauthn.WithAllowedCredentials(known))
	if err != nil {
		return nil, err
	}
	return json.Marshal(ask.Response)
}

// shown is a passkey's answer, taken apart and not yet believed.
type shown struct {
	parsed    *protocol.ParsedCredentialAssertionData
	text      string
	challenge []byte
}

func readPasskey(credential []byte) (shown, error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(credential)
	if err != nil {
		return shown{}, errPasskey()
	}
	text := parsed.Response.CollectedClientData.Challenge
	return shown{parsed: parsed, text: text, challenge: decoded(text)}, nil
}

// decoded is a challenge as it was made, or nothing, which was never asked.
func decoded(text string) []byte {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	return b
}

// takePasskey checks a passkey's answer against a member's own keys and spends
// its challenge. A counter that went back means that two devices hold one key:
// copied is true and nothing opens.
func (r *Roster) takePasskey(ctx context.Context, tx *store.Tx, who Who, s shown, p purpose) (copied bool, err error) {
	asked := who
	if p == toSignIn {
		asked = Who{}
	}
	ends, err := r.answered(ctx, s.challenge, p, asked)
	if err != nil {
		return false, err
	}
	keys, rows, err := keysOf(&tx.Rx, who.Member.ID)
	if err != nil {
		return false, err
	}
	session := webauthn.SessionData{Challenge: s.text, RelyingPartyID: r.passkeys.Config.RPID, UserID: handle(who), UserVerification: protocol.VerificationRequired}
	used, err := r.passkeys.ValidateLogin(holder{who, keys}, session, s.parsed)
	if err != nil {
		return false, errPasskey()
	}
	if used.Authenticator.CloneWarning {
		return true, nil
	}
	if err := spend(tx, s.challenge, ends); err != nil {
		return false, err
	}
	for i, k := range keys {
		if string(k.ID) == string(used.ID) {
			if rows[i].Secret, err = kept(*used); err != nil {
				return false, err
			}
			return false, tx.UseFactor(rows[i])
		}
	}
	return false, errPasskey()
}

// PasskeySignIn is one try to sign in by passkey alone.
type PasskeySignIn struct {
	Credential []byte // what navigator.credentials.get gave, as JSON
	Address    string
	UserAgent  string
}

// SignInByPasskey opens a session for whom a passkey belongs to: no address is
// typed and no password asked, and the budget of passwords is not touched.
// desk.Forbidden "passkey_refused" whatever the reason.
func (r *Roster) SignInByPasskey(ctx context.Context, in PasskeySignIn) (Signed, error) {
	if r.passkeys == nil {
		return Signed{}, errNoPasskeys()
	}
	s, err := readPasskey(in.Credential)
	if err != nil {
		return Signed{}, err
	}
	id := s.parsed.Response.UserHandle
	if len(id) != 16 {
		return Signed{}, errPasskey()
	}
	ws, member := desk.ID(binary.BigEndian.Uint64(id)), desk.ID(binary.BigEndian.Uint64(id[8:]))
	if ws <= 0 || member <= 0 {
		return Signed{}, errPasskey()
	}
	var who Who
	copied := false
	err = r.db.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
		if err := tx.LockMember(member); err != nil {
			return err
		}
		if who.Member, err = tx.Member(member); err != nil {
			return err
		}
		if !who.Member.Active {
			return errPasskey()
		}
		if who.Workspace, err = tx.Settings(); err != nil {
			return err
		}
		who.Actor = actorOf(who.Member)
		if copied, err = r.takePasskey(ctx, tx, who, s, toSignIn); copied {
			return r.record(tx, who.Actor, "factor.copied", member)
		}
		return err
	})
	switch {
	case desk.IsNotFound(err) || copied:
		return Signed{}, errPasskey()
	case err != nil:
		return Signed{}, err
	}
	return r.begin(ctx, entry{Member: who.Member, Workspace: who.Workspace, Agent: in.UserAgent, Address: in.Address, Way: desk.WayPasskey})
}
