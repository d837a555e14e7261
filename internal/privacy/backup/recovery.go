package backup

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"filippo.io/age"

	"parley/internal/desk"
)

const maxKeyFile = 16 << 10

// NewRecoveryKey makes a recovery key: its secret half goes into a new file for
// its owner only, which belongs away from the machine, and its public half is
// returned.
func NewRecoveryKey(path string) (public string, err error) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return "", desk.Fail(desk.Conflict, "recovery_key_exists", path+" exists already; a recovery key is never overwritten")
	}
	if err != nil {
		return "", err
	}
	public = key.Recipient().String()
	_, err = fmt.Fprintf(f, "# Recovery key of a Parley install. Keep it away from that machine:\n# with it and the root key every backup opens, without it none does.\n# public half: %s\n%s\n", public, key)
	return public, errors.Join(err, f.Sync(), f.Close())
}

// Recipients reads the public half of a recovery key, as age writes it; several
// may stand one after the other.
func Recipients(public string) ([]age.Recipient, error) {
	if strings.TrimSpace(public) == "" {
		return nil, nil
	}
	all, err := age.ParseRecipients(strings.NewReader(strings.Join(strings.Fields(public), "\n")))
	if err != nil {
		return nil, desk.Fail(desk.Invalid, "recovery_key", "PARLEY_RECOVERY_KEY is the public half of an age key: it begins with age1")
	}
	return all, nil
}

// RecoveryKey reads the secret half from its file.
func RecoveryKey(path string) ([]age.Identity, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, desk.Fail(desk.Invalid, "recovery_key", "the recovery key cannot be read: "+err.Error())
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	err = errors.Join(err, f.Close())
	if err == nil {
		var all []age.Identity
		if all, err = age.ParseIdentities(bytes.NewReader(raw)); err == nil {
			return all, nil
		}
	}
	return nil, desk.Fail(desk.Invalid, "recovery_key", path+" holds no recovery key: it has a line that begins with AGE-SECRET-KEY-")
}

// PublicHalf is what backups are encrypted to that these keys open; "" where none
// of them tells.
func PublicHalf(keys []age.Identity) string {
	var all []string
	for _, k := range keys {
		if own, ok := k.(*age.X25519Identity); ok {
			all = append(all, own.Recipient().String())
		}
	}
	return strings.Join(all, "\n")
}
