package main

import (
	"fmt"
	"slices"
	"strings"

	"parley/internal/promise"
)

// hard are the most demanding clauses, by their number in the list of them. A
// number without a clause here that is built and has a check is told as such.
var hard = [][]string{
	{"A-14.1-03"}, {"A-11-15", "A-11-14"}, {"A-12.1-02"}, {"A-7.1-05"}, {"A-7.3-01"}, {"A-5.1-02", "H-62"}, {"H-65", "H-66", "A-7.4-04"},
	{"A-14.1-04"}, {"A-14.1-01"}, {"A-14.1-05", "A-19-07"}, {"A-11-01"}, {"H-69", "A-9.1-01", "A-9.1-02", "A-9.1-03"}, {"H-54", "A-8.1-01"},
	{"A-17-01"}, {"H-36"}, {"A-2-01", "A-11-16"}, {"H-71", "H-72", "H-73"}, {"A-7.4-02"}, {"A-6-01", "A-6-02"}, {"A-7.7-03"}, {"A-14.4-05"},
	{"A-25-03", "H-87", "A-14.3-03"}, {"A-24-03", "A-24-04"}, {"A-20.1-01", "A-20.2-02"}, {"A-12.2-01"},
}

// page is docs/faults.md.
func page(r *promise.Register, all []found, day, commit string, long bool) string {
	var b strings.Builder
	caught, alone := 0, 0
	clauses := map[string]bool{}
	for _, f := range all {
		if f.caught() {
			caught++
			for _, id := range clausesOf(r, f.fault) {
				clauses[id] = true
			}
		}
		if f.caught() && len(f.Others) == 0 {
			alone++
		}
	}
	full := 0
	for _, ids := range hard {
		if slices.ContainsFunc(ids, func(id string) bool { return clauses[id] }) {
			full++
		}
	}
	ran := "each with its own checks and " + strings.Join(smoke, ", ")
	if long {
		ran += ", those of a hardest promise with the whole register"
	}
	fmt.Fprintf(&b, "# What happens when a promise is broken\n\n"+
		"Written by `make faults`, which puts faults into the program, one at a time, and runs checks on it (test/faults/doc.go).\n\n"+
		"Last run of all of them: %s, at commit %s, on SQLite, %s. %d faults, %d caught, %d of those with no other check red. They touch the checks of %d of %d clauses, and %d of the %d hardest promises; "+
		"what has no check yet can have no fault.\n\n", day, commit, ran, len(all), caught, alone, len(clauses), len(r.All()), full, len(hard))
	b.WriteString("| fault | in | what it breaks | checks that must turn red | result | others red |\n|---|---|---|---|---|---|\n")
	for _, f := range all {
		result := "caught"
		if !f.caught() {
			result = "**stays green: " + strings.Join(f.Green, ", ") + "**"
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s | %s |\n", f.Name, f.File, f.Why, strings.Join(f.Checks, ", "), result, strings.Join(f.Others, ", "))
	}
	b.WriteString("\n## The hardest promises\n\n| no. | clauses | with a caught fault |\n|---|---|---|\n")
	for i, ids := range hard {
		var with []string
		for _, id := range ids {
			if clauses[id] {
				with = append(with, id)
			}
		}
		fmt.Fprintf(&b, "| %d | %s | %s |\n", i+1, strings.Join(ids, ", "), strings.Join(with, ", "))
	}
	return b.String()
}
