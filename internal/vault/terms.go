package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// blind holds the two sub-keys of a search key.
type blind struct{ term, hash []byte }

func newBlind(key []byte) (*blind, error) {
	term, err := derive(key, "parley term v1")
	if err != nil {
		return nil, err
	}
	hash, err := derive(key, "parley hash v1")
	if err != nil {
		return nil, err
	}
	return &blind{term: term, hash: hash}, nil
}

// Terms returns, in the order given, the number under which each normalised
// term is filed in a workspace's blind index: the first 64 bits of its
// HMAC-SHA-256. The same word has unrelated numbers in two workspaces.
func (v *Vault) Terms(ctx context.Context, workspace int64, terms []string) ([]int64, error) {
	k, err := v.Key(ctx, Ref{Workspace: workspace, Kind: Search})
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, k.o.blind.term)
	out := make([]int64, len(terms))
	var sum [sha256.Size]byte
	var word []byte
	for i, term := range terms {
		mac.Reset()
		word = append(word[:0], term...)
		mac.Write(word)
		out[i] = int64(binary.BigEndian.Uint64(mac.Sum(sum[:0])))
	}
	return out, nil
}

// Hash returns the 32 bytes by which a workspace looks up an exact value, such
// as an e-mail address or a channel's outside id, without storing it. The label
// names what kind of value it is: equal values with different labels have
// unrelated hashes.
func (v *Vault) Hash(ctx context.Context, workspace int64, label, s string) ([]byte, error) {
	k, err := v.Key(ctx, Ref{Workspace: workspace, Kind: Search})
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, k.o.blind.hash)
	mac.Write(appendText(make([]byte, 0, 4+len(label)+len(s)), label))
	mac.Write([]byte(s))
	return mac.Sum(nil), nil
}
