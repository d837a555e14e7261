package meta

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// Ids look like Meta's and are unique in a world. Those of people and accounts
// depend on nothing but the order in which they were made, so that a world made
// again knows everybody by the same ids; those of messages, files and tokens
// come from the seed, so that with another seed none is met again.

func (s *Sim) next() int64 {
	s.serial++
	return s.serial
}

// digits is a number of n digits that begins as given.
func (s *Sim) digits(prefix string, n int) string {
	tail := fmt.Sprintf("%0*d", n-len(prefix), s.next())
	return prefix + tail
}

// fresh is a number of n digits from the seed.
func (s *Sim) fresh(prefix string, n int) string {
	out := fmt.Sprintf("%s%06d", prefix, s.next()%1_000_000)
	for len(out) < n {
		out += string(rune('0' + s.chance.IntN(10)))
	}
	return out
}

// tail is the end of an id.
func tail(id string, n int) string { return id[max(0, len(id)-n):] }

func (s *Sim) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(s.chance.UintN(256))
	}
	return b
}

func (s *Sim) newMID(ch Channel) string {
	n := s.next()
	switch ch {
	case OnInstagram:
		return "aWdf" + base64.RawURLEncoding.EncodeToString(fmt.Appendf(s.bytes(9), "%06d", n))
	case OnWhatsApp:
		return "wamid." + base64.StdEncoding.EncodeToString(fmt.Appendf(s.bytes(9), "%06d", n))
	}
	return "m_" + base64.RawURLEncoding.EncodeToString(fmt.Appendf(s.bytes(12), "%06d", n))
}

func (s *Sim) newToken(prefix string) string {
	return prefix + strings.NewReplacer("-", "A", "_", "Z").Replace(base64.RawURLEncoding.EncodeToString(s.bytes(45)))
}

func (s *Sim) trace() string { return "A" + hex.EncodeToString(s.bytes(8)) }
