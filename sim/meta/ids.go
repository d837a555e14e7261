package meta

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// Ids look like Meta's and are unique in a world; with the same seed and the
// same acts they come out the same.

func (s *Sim) next() int64 {
	s.serial++
	return s.serial
}

// digits is a number of n digits that begins as given.
func (s *Sim) digits(prefix string, n int) string {
	tail := fmt.Sprintf("%0*d", n-len(prefix), s.next())
	return prefix + tail
}

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
