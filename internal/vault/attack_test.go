package vault_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"parley/internal/kit/clock"
	"parley/internal/vault"
	"parley/internal/vault/vaulttest"
)

// thief opens sealed bytes without the vault's code paths for term, cache and
// custody: with the root key, any epoch files and any wrapped rows it is given.
type thief struct {
	root   []byte
	epochs map[int64][]byte
	rows   []vault.Wrapped
}

func gcm(t *testing.T, key []byte, info string) cipher.AEAD {
	t.Helper()
	sub, err := hkdf.Expand(sha256.New, key, info, 32)
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(sub)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		t.Fatal(err)
	}
	return aead
}

// open tries every epoch key on every row and every key so found on the bytes.
func (th thief) open(t *testing.T, sealed, sealedAD []byte) (string, bool) {
	t.Helper()
	root := gcm(t, th.root, "parley epoch wrap v1")
	for n, file := range th.epochs {
		epoch, err := root.Open(nil, nil, file[1:], vault.EpochAD(n))
		if err != nil {
			continue
		}
		for _, w := range th.rows {
			key, err := gcm(t, epoch, "parley key wrap v1").Open(nil, nil, w.Bytes[1:], w.Bound())
			if err != nil {
				continue
			}
			if clear, err := gcm(t, key, "parley seal v1").Open(nil, nil, sealed[9:], sealedAD); err == nil {
				return string(clear), true
			}
		}
	}
	return "", false
}

func custodyFiles(t *testing.T, dir string) map[int64][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "epoch-*.key"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[int64][]byte{}
	for _, name := range names {
		var n int64
		if _, err := fmt.Sscanf(filepath.Base(name), "epoch-%d.key", &n); err != nil {
			t.Fatal(err)
		}
		if out[n], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// The attack of architecture section 4 at this level: with the root key, every
// custody file, every wrapped key that still exists and an old page image with
// the destroyed one, nothing opens to the erased subject.
func TestErasedSubjectOpensToNobodyAfterTheTurn(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "custody")
	custody, err := vault.NewFileCustody(dir)
	if err != nil {
		t.Fatal(err)
	}
	root := [32]byte{9, 9, 9}
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	keys := vaulttest.NewKeys()
	o.Keys, o.Custody, o.Root = keys, custody, vault.NewRoot(root)
	v := vaulttest.Open(t, o)
	erased, kept := subjectRef(1), subjectRef(2)
	canary := v.Seal(mustKey(t, v, erased), place(), []byte("canary"))
	other := v.Seal(mustKey(t, v, kept), place(), []byte("other"))
	image := keys.Image() // a page, a log or a backup from before the erasure

	attack := func(sealed []byte) (string, bool) {
		th := thief{root: root[:], epochs: custodyFiles(t, dir), rows: append(keys.Image(), image...)}
		return th.open(t, sealed, vault.SealedAD(sealed, place()))
	}
	if got, ok := attack(canary); !ok || got != "canary" {
		t.Fatal("the attack is too weak: it must open what is not yet erased")
	}
	mustDestroy(t, v, erased)
	if _, ok := attack(canary); !ok {
		t.Fatal("the attack is too weak: an old page must still open before the turn")
	}
	if err := v.TurnEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, ok := attack(canary); ok {
		t.Fatalf("the erased subject's words open after the turn: %q", got)
	}
	if got, ok := attack(other); !ok || got != "other" {
		t.Fatal("the attack must still open what was kept")
	}
	wantRefused(t, v, canary, vault.ErrNoKey)
	wantOpen(t, v, other, "other")
}
