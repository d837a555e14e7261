package text_test

import (
	"strings"
	"testing"

	"parley/internal/kit/text"
)

func TestKeptCountsTheWordsThatAreLeft(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before, after string
		want          int
	}{
		{"You can return it within 30 days.", "You can return it within 30 days.", 100},
		{"You can return it within 30 days.", "Hello! You can return it within 14 days, no problem.", 85},
		{"one two three four", "four three two one", 25},
		{"one two", "", 0},
		{"", "anything", 100},
		{"Kargo ÜCRETSİZ", "kargo ücretsiz", 100},
		{strings.Repeat("a ", 5000), strings.Repeat("a ", 5000), 100},
	} {
		if got := text.Kept(c.before, c.after); got != c.want {
			t.Errorf("Kept(%.20q, %.20q) = %d, want %d", c.before, c.after, got, c.want)
		}
	}
}
