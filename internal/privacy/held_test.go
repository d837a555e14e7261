package privacy_test

import (
	"testing"

	"parley/internal/kit/i18n"
	"parley/internal/privacy"
	"parley/internal/store"
)

// covers A-19-03: what is held of a visitor is said to them.
func TestTheNoticeCoversEveryColumnThatKnowsAContact(t *testing.T) {
	t.Parallel()
	all, err := store.DataMap()
	if err != nil {
		t.Fatal(err)
	}
	tables, about := map[string]bool{}, 0
	for _, c := range all {
		tables[c.Table] = true
		tables[c.Table+"."+c.Name] = true
		if c.Subject != "contact" && c.Subject != "visitor" {
			continue
		}
		about++
		n := 0
		for _, h := range privacy.OfVisitors() {
			if h.Covers(c) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s.%s tells about a contact and is named %d times: put it into OfVisitors, and into the notice's texts", c.Table, c.Name, n)
		}
	}
	if about < 40 {
		t.Fatalf("saw only %d columns", about)
	}
	for _, h := range privacy.OfVisitors() {
		for _, name := range h.Columns {
			if !tables[name] {
				t.Errorf("%s names %s, which is not there any more", h.Name, name)
			}
		}
		for _, key := range []string{"notice.held." + h.Name, "notice.why." + h.Name, "notice.ground." + string(h.Ground)} {
			if i18n.T("en", key, nil) == key {
				t.Errorf("%s has no words", key)
			}
		}
	}
}
