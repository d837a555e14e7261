package promise

import (
	"fmt"
	"strings"
)

// List is docs/promises.md: every clause with what tests it, or why it is not
// built, and what is printed of it.
func List(r *Register) string {
	var b strings.Builder
	all := r.All()
	built, support, repeats := 0, 0, 0
	for _, c := range all {
		if c.Built {
			built++
		}
		if c.Support != "" {
			support++
		}
		if c.Repeats != "" {
			repeats++
		}
	}
	fmt.Fprintf(&b, "# Promises\n\nMade from `internal/promise/clauses`; change them there and run `go test ./internal/app -run Page -update`.\n\n"+
		"%d clauses, %d of them repeat another. %d are carried out and printed, %d are not built and so not printed. %d checks; %d clauses are kept by people, with the help that is named.\n",
		len(all), repeats, built, len(all)-built, len(r.Checks()), support)
	for _, chapter := range r.Chapters {
		fmt.Fprintf(&b, "\n## %s\n\n| clause | kind | says | proven by |\n|---|---|---|---|\n", chapter.Title["en"])
		for _, c := range chapter.Clauses {
			says := c.Says["en"]
			if c.Repeats != "" {
				says = "as " + c.Repeats
			}
			by := "`" + c.Check + "`"
			switch {
			case !c.Built:
				by = "not built: " + c.Why
			case c.Support != "":
				by = "people, helped by `" + c.Support + "`"
			case c.Silent:
				by += ", not printed"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.ID, c.Kind, strings.ReplaceAll(says, "|", "\\|"), by)
		}
	}
	return b.String()
}
