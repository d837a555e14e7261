package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"time"

	"parley/internal/kit/secret"
)

// keySize is the size of every key: AES-256.
const keySize = 32

// hidden is what a key shows of itself.
const hidden = "•••"

// Key is an opened key. It prints as •••. The zero Key is no key.
type Key struct{ o *opened }

// material gives the bytes of a key. It is a function because fmt follows
// pointers in unexported fields, where it finds no Format, but never calls or
// shows what a function holds.
type material func() []byte

func hold(key []byte) material { return func() []byte { return key } }

// opened is the part of a Key that the cache shares.
type opened struct {
	id      int64
	ref     Ref
	expires time.Time
	loaded  time.Time
	secret  material
	aead    cipher.AEAD
	blind   *blind // search keys only
}

// ID is the number that sealed bytes carry; a row may keep it to see later
// whether its subject's key is still the same.
func (k Key) ID() int64 { return k.o.id }

// Ref names the key.
func (k Key) Ref() Ref { return k.o.ref }

// ExpiresAt is the end of the key's term, or zero.
func (k Key) ExpiresAt() time.Time { return k.o.expires }

// Derive returns 32 bytes for one named use, such as a signing seed or a
// password pepper. Different labels give unrelated bytes, none of which tell
// anything about the key or what it seals.
func (k Key) Derive(label string) ([]byte, error) {
	return derive(k.o.secret(), "parley use v1: "+label)
}

// Format writes ••• for every verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalText writes •••, so that no encoder shows a key.
func (k Key) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue gives ••• to slog.
func (k Key) LogValue() slog.Value { return slog.StringValue(hidden) }

// derive makes one sub-key. No key is ever used for two things: sealing,
// wrapping, terms and hashes each have their own.
func derive(key []byte, info string) ([]byte, error) {
	return hkdf.Expand(sha256.New, key, info, keySize)
}

// newSealer returns AES-256-GCM that puts a random nonce before its output, so
// that no caller can repeat one.
func newSealer(key []byte, info string) (cipher.AEAD, error) {
	sub, err := derive(key, info)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(sub)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// freshKey returns a new random key.
func freshKey() []byte { return secret.Random(keySize) }
