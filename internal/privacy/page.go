package privacy

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"parley/internal/store"
)

// Page is docs/data-map.md: every column with its class, subject and purpose,
// and what is held of a visitor for how long.
func Page() (string, error) {
	all, err := store.DataMap()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# Data map\n\n" +
		"Made from the column notes of `internal/store/migrations` and the key store; change them there (in a new step) and run\n" +
		"`go test ./internal/privacy -run Page -update`.\n\n" +
		"Classes: none, identifier (a number that leads to a person), contact (name, address), content (what somebody wrote), network (device and network), secret, special.\n" +
		"BYTES of the classes contact, content and network are sealed under the subject's key, where there is no subject under the workspace's; keyed hashes say so.\n\n" +
		"## What is held of a visitor\n\nWhat `/w/{key}/privacy` tells, and the rule of `internal/app/retention.go` that ends it.\n\n" +
		"| kind | columns | ground | ends | rule | at an erasure |\n|---|---|---|---|---|---|\n")
	for _, h := range OfVisitors() {
		erasure := "removed"
		if h.Stays {
			erasure = "stays"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", h.Name, strings.Join(h.Columns, ", "), h.Ground, h.ends(), h.By, erasure)
	}
	b.WriteString("\n## What is held besides\n\nOf members and of nobody; with the table above it names every table.\n\n" +
		"| kind | columns | who decides | ground | ends | rule |\n|---|---|---|---|---|---|\n")
	for _, h := range append(OfMembers(), OfNobody()...) {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", h.Name, strings.Join(h.Columns, ", "), h.Decides, cmp.Or(string(h.Ground), "no person"), h.ends(), h.By)
	}
	table := ""
	for _, c := range all {
		if c.Table != table {
			table = c.Table
			where := ""
			if c.KeyStore {
				where = " (key store)"
			}
			fmt.Fprintf(&b, "\n## %s%s\n\n| column | type | class | subject | purpose |\n|---|---|---|---|---|\n", table, where)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", c.Name, c.Type, c.Class, c.Subject, strings.ReplaceAll(c.Purpose, "|", "\\|"))
	}
	return b.String(), nil
}

func (h Held) ends() string {
	switch {
	case h.After > 72*time.Hour:
		return fmt.Sprintf("after %d days", int(h.After/(24*time.Hour)))
	case h.After > 0:
		return fmt.Sprintf("after %d hours", int(h.After/time.Hour))
	case h.Months > 0:
		return fmt.Sprintf("after %d months", h.Months)
	case h.With != "":
		return "with the " + string(h.With)
	}
	return "never"
}
