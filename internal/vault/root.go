package vault

import (
	"bytes"
	"crypto/cipher"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// Root is the root key. It prints as •••. The zero Root is refused by New.
type Root struct {
	key   material
	since time.Time // when its file was made; zero where that is not known
}

// NewRoot takes the 32 bytes of a root key.
func NewRoot(key [32]byte) Root { return Root{key: hold(key[:])} }

// ParseRoot reads a root key written as 64 hexadecimal digits, with or without
// a newline at the end, as RootKeyFile writes it.
func ParseRoot(text []byte) (Root, error) {
	text = bytes.TrimRight(text, "\r\n")
	if len(text) != 2*keySize {
		return Root{}, fmt.Errorf("%w: it must be %d hexadecimal digits, and has %d characters", ErrRootKey, 2*keySize, len(text))
	}
	var key [keySize]byte
	if _, err := hex.Decode(key[:], text); err != nil {
		return Root{}, fmt.Errorf("%w: it must be hexadecimal digits only", ErrRootKey)
	}
	return NewRoot(key), nil
}

// Format writes ••• for every verb.
func (r Root) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalText writes •••.
func (r Root) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue gives ••• to slog.
func (r Root) LogValue() slog.Value { return slog.StringValue(hidden) }

// sealer returns what wraps epoch keys.
func (r Root) sealer() (cipher.AEAD, error) {
	if r.key == nil || bytes.Equal(r.key(), make([]byte, keySize)) {
		return nil, fmt.Errorf("%w: there is none", ErrRootKey)
	}
	return newSealer(r.key(), "parley epoch wrap v1")
}

// RootKeyFile reads the root key at path, and makes a new one there, readable
// by its owner only and durable, when the file is absent. It refuses a file
// that others may read or that is not a key.
func RootKeyFile(path string) (Root, error) {
	text, err := readPrivate(path, 2*keySize+2)
	if errors.Is(err, fs.ErrNotExist) {
		fresh := append(hex.AppendEncode(nil, freshKey()), '\n')
		if err = createPrivate(path, fresh); err != nil && !errors.Is(err, fs.ErrExist) {
			return Root{}, fmt.Errorf("vault: cannot make the root key file: %w", err)
		}
		text, err = readPrivate(path, 2*keySize+2) // another process may have been first
	}
	if err != nil {
		return Root{}, fmt.Errorf("vault: cannot read the root key: %w", err)
	}
	root, err := ParseRoot(text)
	if info, e := os.Stat(path); err == nil && e == nil {
		root.since = info.ModTime()
	}
	return root, err
}

// nextSuffix names the file of the root key to be, while keys are wrapped anew.
const nextSuffix = ".next"

// RootKeyFiles is RootKeyFile and, after a rotation that was interrupted, the
// key to be: that one is the root then, and the one at path is before it. before
// is the zero Root otherwise.
func RootKeyFiles(path string) (root, before Root, err error) {
	root, err = RootKeyFile(path)
	if _, absent := os.Stat(path + nextSuffix); err != nil || errors.Is(absent, fs.ErrNotExist) {
		return root, Root{}, err
	}
	next, err := RootKeyFile(path + nextSuffix)
	return next, root, err
}

// NextRootKey makes the key that is to take the place of the one at path,
// durable before it returns, or reads the one of an interrupted rotation.
func NextRootKey(path string) (Root, error) { return RootKeyFile(path + nextSuffix) }

// TakeNextRootKey puts the next key in its place, once RotateRoot has returned
// without an error, and overwrites the one before. Where another call has done
// that there is nothing to do.
func TakeNextRootKey(path string) error {
	old, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("vault: cannot open the root key: %w", err)
	}
	defer old.Close()
	err = os.Rename(path+nextSuffix, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err == nil {
		_, err = old.Write(make([]byte, 2*keySize+1))
	}
	if err == nil {
		err = old.Sync()
	}
	if err != nil {
		return fmt.Errorf("vault: cannot put the root key in its place: %w", err)
	}
	return nil
}

// readPrivate reads a file of at most limit bytes (one more is returned of a
// longer one) and refuses what others may read or write.
func readPrivate(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("others may read %s (mode %04o): run chmod 600 on it", path, mode)
	}
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// createPrivate writes a file that appears whole or not at all, for its owner
// only, durable before it returns. It answers fs.ErrExist when path is taken.
func createPrivate(path string, content []byte) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, tempPrefix+"*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	err = writeAll(tmp, content)
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil {
		return err
	}
	if err := os.Remove(tmp.Name()); err != nil {
		return err
	}
	return syncDir(dir)
}

func writeAll(f *os.File, content []byte) error {
	if err := f.Chmod(0o600); err != nil {
		return err
	}
	if _, err := f.Write(content); err != nil {
		return err
	}
	return f.Sync()
}

// syncDir makes names that were added to or removed from a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	return err
}
