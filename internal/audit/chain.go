package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// Hash is one link of a chain.
type Hash [sha256.Size]byte

// Head is where a chain has come to: the number of the last entry and its hash.
type Head struct {
	No   int64
	Hash Hash
}

// Row is an entry in its place. Numbers of a workspace run from 1 without gaps.
type Row struct {
	No    int64
	Entry Entry
	Hash  Hash
}

// Begin is the head of a workspace's empty chain. It differs for each, so that
// no entry can be moved to another workspace's chain.
func Begin(workspace int64) Head {
	b := binary.BigEndian.AppendUint64([]byte("parley audit chain v1 "), uint64(workspace))
	return Head{Hash: sha256.Sum256(b)}
}

// Extend puts e after head, with its time cut to microseconds. Its row's number
// and hash are the next head.
func Extend(head Head, e Entry) (Row, error) {
	if err := e.Check(); err != nil {
		return Row{}, err
	}
	e.At = e.At.UTC().Truncate(time.Microsecond)
	var l linker
	no := head.No + 1
	return Row{No: no, Entry: e, Hash: l.link(head.Hash, no, e)}, nil
}

// Head is the head after this row.
func (r Row) Head() Head { return Head{No: r.No, Hash: r.Hash} }

// linker computes hashes with one buffer.
type linker struct{ buf []byte }

func (l *linker) link(prev Hash, no int64, e Entry) Hash {
	b := append(l.buf[:0], "parley audit entry v1 "...)
	b = append(b, prev[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(no))
	l.buf = e.append(b)
	return sha256.Sum256(l.buf)
}
