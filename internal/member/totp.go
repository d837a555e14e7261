package member

import (
	"context"
	"encoding/base32"
	"encoding/base64"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

const (
	codePeriod = 30 // seconds
	codeSkew   = 1  // steps to either side: clocks differ
	seedSize   = 20
)

// NewTOTP is what an app needs to make codes, shown once.
type NewTOTP struct {
	Token  string // comes back with the first code
	Secret string // to be typed where no picture can be read
	URL    string // otpauth://…, for the picture
	EndsAt time.Time
}

// BeginTOTP makes the seed of codes to be added. Nothing is kept: the seed is
// worked out again from the token when its first code confirms it.
func (r *Roster) BeginTOTP(ctx context.Context, who Who) (NewTOTP, error) {
	ch, err := r.challenge(ctx, toAddTOTP, who, enrolTerm)
	if err != nil {
		return NewTOTP{}, err
	}
	seed, err := r.seed(ctx, who, ch)
	if err != nil {
		return NewTOTP{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Parley", AccountName: who.Workspace.Name + " (" + who.Member.Email + ")", Secret: seed})
	if err != nil {
		return NewTOTP{}, err
	}
	return NewTOTP{Token: base64.RawURLEncoding.EncodeToString(ch), Secret: key.Secret(), URL: key.URL(), EndsAt: r.clk.Now().Add(enrolTerm)}, nil
}

func (r *Roster) seed(ctx context.Context, who Who, challenge []byte) ([]byte, error) {
	sum, err := r.sum(ctx, "totp seed v1", toAddTOTP, who, challenge)
	if err != nil {
		return nil, err
	}
	return sum[:seedSize], nil
}

// ConfirmTOTP adds codes by the first of them. token is the sign-in's own, which
// goes on under the one that Added brings. Errors: desk.Forbidden "code_wrong" or
// "challenge_over"; desk.Conflict "challenge_spent".
func (r *Roster) ConfirmTOTP(ctx context.Context, who Who, token string, in TOTPConfirm) (Added, error) {
	ch, err := base64.RawURLEncoding.Strict().DecodeString(in.Token)
	if err != nil {
		ch = nil
	}
	ends, err := r.answered(ctx, ch, toAddTOTP, who)
	if err != nil {
		return Added{}, err
	}
	seed, err := r.seed(ctx, who, ch)
	if err != nil {
		return Added{}, err
	}
	refund, err := r.guess.code(who.Member.ID)
	if err != nil {
		return Added{}, err
	}
	var a Added
	err = r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockMember(who.Member.ID); err != nil {
			return err
		}
		step, ok := codeStep(seed, in.Code, r.clk.Now(), 0)
		if !ok {
			return errCode()
		}
		if err := spend(tx, ch, ends); err != nil {
			return err
		}
		a, err = r.add(tx, who, token, store.Factor{Factor: desk.Factor{Kind: desk.FactorTOTP, Name: in.Name}, Secret: seed, LastStep: step})
		return err
	})
	if err != nil {
		return Added{}, err
	}
	refund()
	a.Who, err = r.Still(ctx, a.Token)
	return a, err
}

// TOTPConfirm is the first code of an app.
type TOTPConfirm struct {
	Token string // of BeginTOTP
	Code  string
	Name  string // what the member calls it
}

func errCode() error {
	return desk.Fail(desk.Forbidden, "code_wrong", "this code is not right, or was used before; take the next one")
}

// codeStep finds the time step of a code, later than the last one that was
// taken: no code opens twice (covers H-92).
func codeStep(seed []byte, code string, now time.Time, last int64) (step int64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	secretText := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(seed)
	at := now.Unix() / codePeriod
	for s := at - codeSkew; s <= at+codeSkew; s++ {
		want, err := hotp.GenerateCodeCustom(secretText, uint64(s), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && secret.Equal(want, code) && s > last {
			step, ok = s, true
		}
	}
	return step, ok
}

// takeCode checks a code against each of a member's apps and spends it.
func takeCode(tx *store.Tx, member desk.ID, code string, now time.Time) error {
	all, err := tx.Factors(member)
	if err != nil {
		return err
	}
	for _, f := range all {
		if f.Kind != desk.FactorTOTP {
			continue
		}
		if step, ok := codeStep(f.Secret, code, now, f.LastStep); ok {
			f.LastStep = step
			return tx.UseFactor(f)
		}
	}
	return errCode()
}
