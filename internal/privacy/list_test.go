package privacy_test

import (
	"slices"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/privacy"
)

// A list comes as a mail's attachment: whatever it holds, it is bounded and
// nothing but numbers is taken for an id.
func TestAMailedListIsReadAndAHostileOneIsNot(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text  string
		ids   []string
		other int
	}{
		"plain":        {"1001\n1002\n", []string{"1001", "1002"}, 0},
		"CRLF and BOM": {"\ufeff1001\r\n\r\n 1002 \r\n", []string{"1001", "1002"}, 0},
		"CSV":          {"user_id,asked\n\"1001\",2026-11-01\n1002;x\n1003\ty\n", []string{"1001", "1002", "1003"}, 1},
		"twice":        {"1001\n1001\n", []string{"1001"}, 0},
		"odd lines":    {"1001\n=cmd|' /C calc'!A0\n1e5\n-5\n٣٤\n0012\n\"broken\n", []string{"1001"}, 6},
	} {
		list, err := privacy.ReadIDList(strings.NewReader(c.text))
		if err != nil || !slices.Equal(list.IDs, c.ids) || list.Other != c.other {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
	for name, text := range map[string]string{"empty": "", "no id": "hello\n", "long line": strings.Repeat("1", 100<<10),
		"too large": strings.Repeat("1001\n", privacy.MaxList/5+10), "binary": "\x00\x01\x02"} {
		if list, err := privacy.ReadIDList(strings.NewReader(text)); desk.CodeOf(err) != desk.Invalid || len(list.IDs) > 0 {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
}
