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
)

// LetterKinds lists every kind.
func LetterKinds() []LetterKind {
	return []LetterKind{LetterReset, LetterInvite, LetterDevice, LetterPassword, LetterRole}
}

// Term is how long the link of a letter opens; 0 = it has none.
func (k LetterKind) Term() time.Duration {
	switch k {
	case LetterReset:
		return 30 * time.Minute
	case LetterInvite:
		return 7 * 24 * time.Hour
	case LetterDevice, LetterPassword, LetterRole:
	}
	return 0
}

// LetterState is how far a letter came.
type LetterState string

// States of a letter.
const (
	LetterWaits  LetterState = "waiting"
	LetterSent   LetterState = "sent" // the mail server took it
	LetterFailed LetterState = "failed"
)

// Letter is one mail to a member. Its words are made when it leaves; it holds no
// link and no address.
type Letter struct {
	ID        ID
	Workspace ID
	Member    ID
	Kind      LetterKind
	About     string // of a device letter: browser and system; of a role letter: the role
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
