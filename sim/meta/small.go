package meta

import (
	"net/http"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// number64 reads a count out of a parameter, or gives another.
func number64(s string, instead int64) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return instead
	}
	return n
}

// mimeOf is the type of bytes as a careful receiver finds it.
func mimeOf(b []byte) string { return http.DetectContentType(b) }
