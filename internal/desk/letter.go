package desk

import (
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// LetterKind names what a mail to a member says.
type LetterKind string

// Kinds of letter.
const (
	LetterReset    LetterKind = "reset"    // a link that sets a new password
	LetterInvite   LetterKind = "invite"   // a link that joins the workspace
	LetterDevice   LetterKind = "device"   // signed in where they were not seen before
	LetterPassword LetterKind = "password" // their password was changed
	LetterRole     LetterKind = "role"     // what they may do was changed
	LetterAlarm    LetterKind = "alarm"    // at night the AI was found wanting
	LetterAbuse    LetterKind = "abuse"    // something looks like abuse
	LetterSignIn   LetterKind = "sign_in"  // a link that signs in
	LetterVerify   LetterKind = "verify"   // a link that shows that the address is theirs
	LetterAddress  LetterKind = "address"  // the same for a new address, to which it goes
	LetterMoved    LetterKind = "moved"    // their address was changed; goes to the old one
	LetterLinked   LetterKind = "linked"   // an account outside signs them in from now on
	LetterUnlinked LetterKind = "unlinked" // and does so no more

	LetterFactorAdded   LetterKind = "factor_added"   // a second factor of theirs is new
	LetterFactorRemoved LetterKind = "factor_removed" // one was removed, or all of them
	LetterRecoveryUsed  LetterKind = "recovery_used"  // they signed in by a recovery code

	LetterNews LetterKind = "news" // about the product, to who allowed it

	LetterSuspended LetterKind = "suspended" // the operator suspended the workspace
	LetterLifted    LetterKind = "lifted"    // and lifted that

	LetterClosed   LetterKind = "closed"   // an owner wants the workspace deleted
	LetterReopened LetterKind = "reopened" // and took it back
	LetterLastDay  LetterKind = "last_day" // tomorrow it cannot be taken back any more

	LetterStorage LetterKind = "storage_full" // what the workspace keeps has no more room

	LetterBreach LetterKind = "breach" // an incident waits, or touched the business

	LetterCase LetterKind = "case_due" // a request about somebody's data must be answered soon

	LetterDuty LetterKind = "duty_due" // something that is owed to data protection is due

	LetterCheckpoint LetterKind = "checkpoint" // where the record of acts stands, each month

	LetterDigest LetterKind = "digest" // counts of their workspace, to who wants them

	LetterPolicy LetterKind = "policy" // a change of the published text that matters
)

// LetterKinds lists every kind.
func LetterKinds() []LetterKind {
	return []LetterKind{LetterReset, LetterInvite, LetterDevice, LetterPassword, LetterRole, LetterAlarm, LetterAbuse, LetterSignIn, LetterVerify, LetterAddress, LetterMoved, LetterLinked, LetterUnlinked,
		LetterFactorAdded, LetterFactorRemoved, LetterRecoveryUsed, LetterSuspended, LetterLifted, LetterNews, LetterCase, LetterBreach, LetterDuty, LetterCheckpoint, LetterStorage, LetterClosed, LetterReopened, LetterLastDay, LetterDigest, LetterPolicy}
}

// Term is how long the link of a letter opens; 0 = it has none.
func (k LetterKind) Term() time.Duration {
	switch k {
	case LetterReset:
		return 30 * time.Minute
	case LetterInvite:
		return 7 * 24 * time.Hour
	case LetterSignIn:
		return 15 * time.Minute
	case LetterVerify:
		return 3 * 24 * time.Hour
	case LetterAddress:
		return 24 * time.Hour
	case LetterMoved, LetterLinked, LetterUnlinked, LetterDevice, LetterPassword, LetterAlarm, LetterAbuse, LetterRole,
		LetterFactorAdded, LetterFactorRemoved, LetterRecoveryUsed, LetterSuspended, LetterLifted, LetterNews, LetterCase, LetterBreach, LetterDuty, LetterCheckpoint, LetterStorage, LetterClosed, LetterReopened, LetterLastDay, LetterDigest, LetterPolicy:
	}
	return 0
}

// LetterCategory says why a letter is written.
type LetterCategory string

// Categories of letters.
const (
	LetterOfAccount  LetterCategory = "account"   // asked for by somebody, to get in
	LetterOfSecurity LetterCategory = "security"  // something about a sign-in was changed
	LetterOfService  LetterCategory = "service"   // about the workspace
	LetterOfNews     LetterCategory = "marketing" // only by consent
)

// Category says why a letter of that kind is written.
func (k LetterKind) Category() LetterCategory {
	switch k {
	case LetterReset, LetterInvite, LetterSignIn, LetterVerify, LetterAddress:
		return LetterOfAccount
	case LetterAlarm, LetterAbuse, LetterSuspended, LetterLifted, LetterCase, LetterBreach, LetterDuty, LetterCheckpoint, LetterStorage, LetterClosed, LetterReopened, LetterLastDay, LetterDigest, LetterPolicy:
		return LetterOfService
	case LetterNews:
		return LetterOfNews
	case LetterMoved, LetterLinked, LetterUnlinked, LetterDevice, LetterPassword, LetterRole,
		LetterFactorAdded, LetterFactorRemoved, LetterRecoveryUsed:
	}
	return LetterOfSecurity
}

// Elsewhere reports whether a letter goes to the address that it is about instead
// of the member's.
func (k LetterKind) Elsewhere() bool { return k == LetterAddress || k == LetterMoved }

// LetterState is how far a letter came.
type LetterState string

// States of a letter.
const (
	LetterWaits  LetterState = "waiting"
	LetterSent   LetterState = "sent" // the mail server took it
	LetterFailed LetterState = "failed"
)

// Letter is one mail to a member. Its words are made when it leaves; it holds no link,
// and an address only where it is about one.
type Letter struct {
	ID        ID
	Workspace ID
	Member    ID
	Kind      LetterKind
	About     string // of a device letter: browser and system; of a role letter: the role; of an alarm: tests, stale or bias; of a checkpoint: the signed line; of a digest: its counts; of a duty: 14, 3, 0 or late; of a closed workspace, for its owners: the code of its certificate; of a policy: the number of its version
	State     LetterState
	Fault     string // what the mail server answered, as a code or a word of ours
	CreatedAt time.Time
	SentAt    time.Time
	SpentAt   time.Time // when its link was used or replaced; zero = it opens
}

// letterProof is how many bytes of a link's hash its token carries.
const letterProof = 24

// LetterToken is what the link of a letter carries: where the letter is, and a
// proof that only a mail of ours holds.
func LetterToken(l Letter, hash []byte) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(l.Workspace))
	b = binary.BigEndian.AppendUint64(b, uint64(l.ID))
	return base64.RawURLEncoding.EncodeToString(append(b, hash[:letterProof]...))
}

// ReadLetterToken takes a token apart; ok is false for what cannot be one. The
// proof is compared by LetterProves.
func ReadLetterToken(token string) (workspace, letter ID, proof []byte, ok bool) {
	if len(token) > 64 {
		return 0, 0, nil, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != 16+letterProof {
		return 0, 0, nil, false
	}
	workspace, letter = ID(binary.BigEndian.Uint64(b)), ID(binary.BigEndian.Uint64(b[8:]))
	return workspace, letter, b[16:], workspace > 0 && letter > 0
}

// LetterProves compares a token's proof with a link's hash in constant time.
func LetterProves(proof, hash []byte) bool {
	return len(hash) >= letterProof && subtle.ConstantTimeCompare(proof, hash[:letterProof]) == 1
}
