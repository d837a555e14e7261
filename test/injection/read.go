package injection

import (
	"bufio"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed attacks.tsv
var attacks string

// Attack is a text that wants to steer the assistant; README.md says what each
// column means.
type Attack struct {
	ID, Language, Via, Kind, Text string
	Held                          bool // nobody who builds a detector reads it
}

// All reads the attacks.
func All() ([]Attack, error) {
	var all []Attack
	lines := bufio.NewScanner(strings.NewReader(attacks))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		p := strings.Split(lines.Text(), "\t")
		if len(p) != 5 || p[0] == "id" {
			continue
		}
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(p[4], `"`, `\"`) + `"`)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p[0], err)
		}
		n, err := strconv.Atoi(p[0][strings.LastIndexByte(p[0], '-')+1:])
		if err != nil {
			return nil, fmt.Errorf("%s has no number: %w", p[0], err)
		}
		all = append(all, Attack{p[0], p[1], p[2], p[3], text, n%2 == 1})
	}
	return all, lines.Err()
}
