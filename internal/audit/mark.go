package audit

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"parley/internal/store"
)

// MarkKind says what a mark states.
type MarkKind string

const (
	// Checkpoint: the chain had this hash at this number at this time.
	Checkpoint MarkKind = "checkpoint"
	// Prune: the entries up to and with this number were removed as too old.
	Prune MarkKind = "prune"
)

// Mark is a signed statement about a chain. Checkpoints follow each other: Since
// is the number of the one before, 0 for the first and for a prune.
type Mark struct {
	Kind      MarkKind
	Workspace int64
	No        int64
	Since     int64
	At        time.Time
	Hash      Hash
	Key       KeyName
	Signature [ed25519.SignatureSize]byte
}

// KeyName tells signing keys apart: the first bytes of the public key's SHA-256.
type KeyName [8]byte

// NameOf returns the name of a public key.
func NameOf(public ed25519.PublicKey) KeyName {
	sum := sha256.Sum256(public)
	return KeyName(sum[:8])
}

// Signer signs marks. It prints as •••.
type Signer struct {
	sign func([]byte) ([]byte, ed25519.PublicKey)
}

// NewSigner takes the 32 bytes of a seed, as derived from the vault's signing key.
func NewSigner(seed []byte) (Signer, error) {
	if len(seed) != ed25519.SeedSize {
		return Signer{}, fmt.Errorf("%w: a signing seed has %d bytes", ErrBadMark, ed25519.SeedSize)
	}
	private := ed25519.NewKeyFromSeed(seed)
	return Signer{sign: func(text []byte) ([]byte, ed25519.PublicKey) {
		return ed25519.Sign(private, text), private.Public().(ed25519.PublicKey)
	}}, nil
}

// Public is the key that verifies, or nil for the zero Signer.
func (s Signer) Public() ed25519.PublicKey {
	if s.sign == nil {
		return nil
	}
	_, public := s.sign(nil)
	return public
}

// Format writes ••• for every verb.
func (s Signer) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("•••")) }

// LogValue gives ••• to slog.
func (s Signer) LogValue() slog.Value { return slog.StringValue("•••") }

// Checkpoint signs where a workspace's chain has come to. since is the number
// of its last checkpoint, 0 when this is the first.
func (s Signer) Checkpoint(workspace, since int64, head Head, now time.Time) (Mark, error) {
	if head.No <= since || since < 0 {
		return Mark{}, fmt.Errorf("%w: no entry since checkpoint %d", ErrBadMark, since)
	}
	return s.mark(Mark{
		Kind: Checkpoint, Workspace: workspace, No: head.No, Since: since, Hash: head.Hash, At: now,
	})
}

// KeepMonths is how long entries stay before their segment may be pruned.
const KeepMonths = store.AuditMonths

// Prune signs that the entries up to a checkpoint are removed. It refuses a
// checkpoint younger than KeepMonths. Sign first, store the mark and delete the
// rows in one transaction.
func (s Signer) Prune(upTo Mark, now time.Time) (Mark, error) {
	if upTo.Kind != Checkpoint || !prunable(upTo, now) {
		return Mark{}, fmt.Errorf("%w: only a checkpoint older than %d months ends a prune", ErrBadMark, KeepMonths)
	}
	return s.mark(Mark{Kind: Prune, Workspace: upTo.Workspace, No: upTo.No, Hash: upTo.Hash, At: now})
}

// Prunable returns the newest of the checkpoints (rising) whose segment is over
// its age; ok is false when none is. Every entry it covers is at least as old.
func Prunable(checkpoints []Mark, now time.Time) (upTo Mark, ok bool) {
	for _, m := range checkpoints {
		if m.Kind == Checkpoint && prunable(m, now) {
			upTo, ok = m, true
		}
	}
	return upTo, ok
}

func prunable(m Mark, now time.Time) bool {
	return !m.At.AddDate(0, KeepMonths, 0).After(now)
}

func (s Signer) mark(m Mark) (Mark, error) {
	if s.sign == nil {
		return Mark{}, fmt.Errorf("%w: no signing key", ErrBadMark)
	}
	m.At = m.At.UTC().Truncate(time.Microsecond)
	m.Key = NameOf(s.Public())
	signature, _ := s.sign(m.statement())
	m.Signature = [ed25519.SignatureSize]byte(signature)
	return m, nil
}

// Verify reports ErrUnsigned unless one of the trusted keys signed the mark.
func (m Mark) Verify(trusted ...ed25519.PublicKey) error {
	for _, public := range trusted {
		if len(public) == ed25519.PublicKeySize && NameOf(public) == m.Key {
			if ed25519.Verify(public, m.statement(), m.Signature[:]) {
				return nil
			}
		}
	}
	return ErrUnsigned
}

const markHead = "parley-audit-mark/1"

// statement is the signed text: every field but the signature.
func (m Mark) statement() []byte {
	return fmt.Appendf(nil, "%s %s %d %d %d %d %x %x",
		markHead, m.Kind, m.Workspace, m.No, m.Since, m.At.UnixMicro(), m.Hash[:], m.Key[:])
}

// MarshalText writes the mark as one line, for a column, a mail or a print-out.
func (m Mark) MarshalText() ([]byte, error) {
	return append(append(m.statement(), ' '), base64.RawStdEncoding.EncodeToString(m.Signature[:])...), nil
}

// UnmarshalText reads what MarshalText wrote, and nothing else. It does not
// verify.
func (m *Mark) UnmarshalText(text []byte) error {
	if len(text) > 512 {
		return fmt.Errorf("%w: too long", ErrBadMark)
	}
	f := strings.Split(string(text), " ")
	if len(f) != 9 || f[0] != markHead || f[1] != string(Checkpoint) && f[1] != string(Prune) {
		return fmt.Errorf("%w: not a mark", ErrBadMark)
	}
	read := Mark{Kind: MarkKind(f[1])}
	var at int64
	for i, n := range []*int64{&read.Workspace, &read.No, &read.Since, &at} {
		v, err := strconv.ParseInt(f[i+2], 10, 64)
		if err != nil {
			return fmt.Errorf("%w: not a number", ErrBadMark)
		}
		*n = v
	}
	read.At = time.UnixMicro(at).UTC()
	hash, err1 := hex.DecodeString(f[6])
	key, err2 := hex.DecodeString(f[7])
	signature, err3 := base64.RawStdEncoding.DecodeString(f[8])
	if errors.Join(err1, err2, err3) != nil ||
		len(hash) != len(read.Hash) || len(key) != len(read.Key) || len(signature) != len(read.Signature) {
		return fmt.Errorf("%w: hash, key or signature cannot be read", ErrBadMark)
	}
	copy(read.Hash[:], hash)
	copy(read.Key[:], key)
	copy(read.Signature[:], signature)
	if again, _ := read.MarshalText(); !bytes.Equal(again, text) {
		return fmt.Errorf("%w: written in another way than Parley does", ErrBadMark)
	}
	*m = read
	return nil
}
