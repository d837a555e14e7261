package member

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/store"
	"parley/internal/vault"
)

// purpose is what a challenge may be answered for.
type purpose string

const (
	toSignIn     purpose = "sign in by passkey"
	toPass       purpose = "pass the second factor or prove again"
	toAddPasskey purpose = "add a passkey"
	toAddTOTP    purpose = "add codes"
)

const (
	challengeTerm = 5 * time.Minute
	enrolTerm     = 15 * time.Minute // an app has to be found and installed
	challengeSalt = 16
	challengeSize = challengeSalt + 8 + sha256.Size
)

// challenge is something to be answered once: salt, end and a keyed hash over
// both, its purpose and the sign-in it is for. It proves by itself that it is
// ours, so that a flood of strangers who ask for one stores nothing.
func (r *Roster) challenge(ctx context.Context, p purpose, who Who, term time.Duration) ([]byte, error) {
	b := binary.BigEndian.AppendUint64(secret.Random(challengeSalt), uint64(r.clk.Now().Add(term).UnixMicro()))
	mac, err := r.sum(ctx, "challenge v1", p, who, b)
	return append(b, mac...), err
}

// answered checks that a challenge is ours, for this purpose and sign-in, and
// not over. Its end is when spending it may be forgotten.
func (r *Roster) answered(ctx context.Context, ch []byte, p purpose, who Who) (ends time.Time, err error) {
	over := desk.Fail(desk.Forbidden, "challenge_over", "this took too long or was for something else; begin again")
	if len(ch) != challengeSize {
		return ends, over
	}
	mac, err := r.sum(ctx, "challenge v1", p, who, ch[:challengeSalt+8])
	if err != nil {
		return ends, err
	}
	ends = time.UnixMicro(int64(binary.BigEndian.Uint64(ch[challengeSalt:]))).UTC()
	if !secret.Equal(mac, ch[challengeSalt+8:]) || !r.clk.Now().Before(ends) {
		return ends, over
	}
	return ends, nil
}

func (r *Roster) sum(ctx context.Context, label string, p purpose, who Who, b []byte) ([]byte, error) {
	root, err := r.db.Vault().Key(ctx, vault.Ref{Kind: vault.Pepper})
	if err != nil {
		return nil, err
	}
	key, err := root.Derive(label)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(p))
	for _, id := range []desk.ID{who.Workspace.ID, who.Member.ID, who.Session} {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(id)))
	}
	mac.Write(b)
	return mac.Sum(nil), nil
}

// spend lets a challenge be answered once.
func spend(tx *store.Tx, ch []byte, ends time.Time) error {
	return tx.SpendChallenge(secret.Hash(string(ch)), ends)
}
