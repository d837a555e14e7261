package notify

import (
	"strconv"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
)

// sampleDigest is what a preview shows.
const sampleDigest = `{"every":"daily","needs":3,"unassigned":2,"mine":1,"waiting":7,"answers":48,"handed":5,"gaps":4}`

// counts are the lines of a digest.
func counts(locale string, d desk.Digest) string {
	every := d.Every
	if every == desk.DigestOff {
		every = desk.DigestDaily
	}
	lines := []string{i18n.T(locale, "mail.digest."+string(every), nil)}
	for _, one := range []struct {
		name string
		n    *int
	}{{"needs", d.Needs}, {"unassigned", d.Unassigned}, {"mine", d.Mine}, {"waiting", d.Waiting}, {"answers", d.Answers}, {"handed", d.Handed}, {"gaps", d.Gaps}} {
		if one.n != nil {
			lines = append(lines, i18n.T(locale, "mail.digest."+one.name, map[string]string{"n": strconv.Itoa(*one.n)}))
		}
	}
	return strings.Join(lines, "\n")
}
