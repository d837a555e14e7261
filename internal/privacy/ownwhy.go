package privacy

import (
	"slices"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/store"
)

// Why says in plain words how an answer of the AI came about: from what, by what
// and which checks it passed. Only what the person was shown is named.
func Why(lang, business string, a OwnAnswer) []string {
	say := func(key, what string) string {
		return i18n.T(lang, "mine.how."+key, map[string]string{"business": business, "name": what, "vendor": what})
	}
	all := []string{}
	var names []string
	for _, s := range a.Message.Sources {
		if s.Name != "" && !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	for _, n := range names {
		all = append(all, say("source", n))
	}
	if a.Run.ID == 0 {
		return append(all, say("gone", ""))
	}
	if len(names) == 0 {
		all = append(all, say("no_source", ""))
	}
	if a.Run.Engine == "model" {
		all = append(all, say("model", ToldWords(lang, store.Disclosed{Way: store.ToModel, To: string(a.Run.Call.Vendor)})))
	} else {
		all = append(all, say("copied", ""))
	}
	for _, name := range []string{"confidence", "coverage", "number", "answer_quote", "answer_figures", "answer_links", "answer_promise"} {
		if slices.ContainsFunc(a.Run.Checks, func(c desk.Check) bool { return c.OK && c.Name == name }) {
			all = append(all, say("check."+name, ""))
		}
	}
	return append(all, say("nobody", ""))
}
