package vault

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
)

// Sealed bytes are: version (1) | key id (8, big-endian) | nonce (12) |
// ciphertext | tag (16).
const (
	sealVersion = 1
	headSize    = 1 + 8
	gcmOverhead = 12 + 16
)

// Overhead is how much longer sealed bytes are than what they hold.
const Overhead = headSize + gcmOverhead

// AD is the place sealed bytes belong to. Bytes sealed for one place do not
// open in another.
type AD struct {
	Workspace     int64
	Table, Column string
	Row           int64
}

// append writes the place so that no two places give the same bytes: numbers
// have a fixed size, each name is preceded by its length.
func (ad AD) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(ad.Workspace))
	b = binary.BigEndian.AppendUint64(b, uint64(ad.Row))
	b = appendText(b, ad.Table)
	return appendText(b, ad.Column)
}

func appendText(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
	return append(b, s...)
}

// bufs lends the buffers that associated data is written into, so that sealing
// allocates only what it returns.
type bufs struct{ pool sync.Pool }

func (p *bufs) get() *[]byte {
	if b, ok := p.pool.Get().(*[]byte); ok {
		return b
	}
	b := make([]byte, 0, 128)
	return &b
}

func (p *bufs) put(b *[]byte) { *b = (*b)[:0]; p.pool.Put(b) }

// Seal returns clear, sealed under k for the place ad. The result carries the
// key's id and is Overhead bytes longer than clear.
func (v *Vault) Seal(k Key, ad AD, clear []byte) []byte {
	out := make([]byte, headSize, len(clear)+Overhead)
	out[0] = sealVersion
	binary.BigEndian.PutUint64(out[1:], uint64(k.o.id))
	buf := v.bufs.get()
	*buf = ad.append(append(*buf, out...))
	out = k.o.aead.Seal(out, nil, clear, *buf)
	v.bufs.put(buf)
	return out
}

// Open returns what Seal was given for the same place. The errors are ErrNoKey
// when the key was destroyed, ErrExpired past its term, ErrTampered when the
// bytes or the place are not those of Seal, or a fault of the key store.
func (v *Vault) Open(ctx context.Context, ad AD, sealed []byte) ([]byte, error) {
	id, ok := KeyID(sealed)
	if !ok {
		return nil, ErrTampered
	}
	o, err := v.openedByID(ctx, id)
	if err != nil {
		return nil, err
	}
	head, body := sealed[:headSize], sealed[headSize:]
	buf := v.bufs.get()
	*buf = ad.append(append(*buf, head...))
	clear, err := o.aead.Open(make([]byte, 0, len(body)-gcmOverhead), nil, body, *buf)
	v.bufs.put(buf)
	if err != nil {
		return nil, fmt.Errorf("%w: %s.%s of row %d", ErrTampered, ad.Table, ad.Column, ad.Row)
	}
	return clear, nil
}

// KeyID returns the id of the key that sealed these bytes; ok is false when
// they are too short or of an unknown version.
func KeyID(sealed []byte) (id int64, ok bool) {
	if len(sealed) < Overhead || sealed[0] != sealVersion {
		return 0, false
	}
	return int64(binary.BigEndian.Uint64(sealed[1:headSize])), true
}
