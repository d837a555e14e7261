package member

import (
	"crypto/sha256"
	_ "embed"
	"sort"
	"strings"
)

// leakedSize is how much of each hash is kept: of a billion passwords that stand
// in no list, one would be refused.
const leakedSize = 5

// leakedSums are the passwords of fifteen characters and more that stand in the
// published lists of what was stolen elsewhere, as the beginnings of SHA-256 of
// each in lower case, in order; test/leaked made them and says of which lists.
//
//go:embed leaked.bin
var leakedSums string

// leaked reports whether a password stands in a list of stolen ones. Nobody
// outside is asked.
func leaked(prepared string) bool {
	sum := sha256.Sum256([]byte(strings.ToLower(prepared)))
	want := string(sum[:leakedSize])
	n := len(leakedSums) / leakedSize
	i := sort.Search(n, func(i int) bool { return leakedSums[i*leakedSize:(i+1)*leakedSize] >= want })
	return i < n && leakedSums[i*leakedSize:(i+1)*leakedSize] == want
}
