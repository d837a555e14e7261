package privacy

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"math/big"
	"regexp"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// A token is where a case is and a proof that only its letters hold; it is the
// last part of the address of a page.
const tokenProof = 24

func caseToken(ws, id desk.ID, hash []byte) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(ws))
	b = binary.BigEndian.AppendUint64(b, uint64(id))
	return base64.RawURLEncoding.EncodeToString(append(b, hash[:tokenProof]...))
}

func readToken(token string) (ws, id desk.ID, ok bool) {
	if len(token) > 64 {
		return 0, 0, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != 16+tokenProof {
		return 0, 0, false
	}
	ws, id = desk.ID(binary.BigEndian.Uint64(b)), desk.ID(binary.BigEndian.Uint64(b[8:]))
	return ws, id, ws >= 0 && id > 0
}

// TokenForm reports whether a string can be the token of a person's case.
func TokenForm(token string) bool { _, _, ok := readToken(token); return ok }

// proofToken is what the link of a mailed proof holds: it proves while the case
// waits for that, and so once.
func (w *Casework) proofToken(ctx context.Context, ws, id desk.ID) (string, error) {
	hash, err := w.DB.Vault().Hash(ctx, int64(ws), "privacy case/mailed proof", id.String())
	if err != nil {
		return "", err
	}
	return caseToken(ws, id, hash), nil
}

// A code is a word and eight figures: enough that nobody guesses one within the
// few tries they have, and short enough to type on a phone.
const codeDigits = 8

var codeForm = regexp.MustCompile(`(?i)^[\s"'“”«».:-]*(?:data|ver[iıİ])[\s:#-]*(\d{4})[\s.-]*(\d{4})[\s"'“”«».!]*$`)

// ReadCode finds the code in what somebody wrote, where it is nothing but one.
func ReadCode(said string) (code string, ok bool) {
	if len(said) > 60 {
		return "", false
	}
	m := codeForm.FindStringSubmatch(said)
	if m == nil {
		return "", false
	}
	return m[1] + m[2], true
}

// newCode makes a code and the hash by which its case is found.
func (w *Casework) newCode(tx *store.Tx) (code string, hash []byte, err error) {
	n := new(big.Int).SetBytes(secret.Random(16))
	digits := n.Mod(n, big.NewInt(100_000_000)).String()
	digits = strings.Repeat("0", codeDigits-len(digits)) + digits
	hash, err = w.codeHash(tx.Context(), tx.Workspace(), digits)
	return digits, hash, err
}

func (w *Casework) codeHash(ctx context.Context, ws desk.ID, code string) ([]byte, error) {
	return w.DB.Vault().Hash(ctx, int64(ws), "privacy case/code", code)
}
