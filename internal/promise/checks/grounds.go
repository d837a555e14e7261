package checks

import (
	"net/http"
	"regexp"
)

var (
	groundTable = regexp.MustCompile(`(?s)<table><caption>.+?</table>`)
	groundRow   = regexp.MustCompile(`<tr><th scope="row">(.+?)<span class="why">(.+?)</span></th><td[^>]*>(.+?)</td><td[^>]*>(.+?)</td><td[^>]*>(.+?)</td></tr>`)
	heldCard    = regexp.MustCompile(`<h3>.+?</h3>\s*<dl><dt>.+?</dt><dd>.+?</dd><dt>.+?</dt><dd>(.+?)</dd>`)
)

// groundsByCategory holds the table of the policy to the notice that visitors read:
// both are made of the list by which data ends.
func groundsByCategory(t *trial) {
	for _, l := range []string{"en", "tr"} {
		policy, notice := t.page("/privacy?l="+l), t.page("/w/"+t.w.Place().Widget+"/privacy?l="+l)
		t.want(policy.Status == http.StatusOK && notice.Status == http.StatusOK, "the policy and the notice to visitors are there in %s", l)
		rows, told := groundRow.FindAllSubmatch(groundTable.Find(policy.Body), -1), heldCard.FindAllSubmatch(notice.Body, -1)
		t.want(len(rows) >= 15 && len(rows) == len(told), "in %s the table has a row for each kind of data that the notice tells of", l)
		for i := range min(len(rows), len(told)) {
			t.want(string(rows[i][4]) == string(told[i][1]), "row %d in %s rests on the ground that the notice names", i+1, l)
		}
	}
}

// deciders are who decides about each kind of data of each kind of people, as the
// policy's tables say it.
func (t *trial) deciders(lang string) (all [][]string) {
	for _, table := range groundTable.FindAll(t.page("/privacy?l="+lang).Body, -1) {
		var one []string
		for _, row := range groundRow.FindAllSubmatch(table, -1) {
			t.want(len(row[2]) > 0, "each kind has its purpose")
			one = append(one, string(row[3]))
		}
		all = append(all, one)
	}
	t.want(len(all) == 2 && len(all[0]) >= 15 && len(all[1]) >= 15, "the policy in %s has a table for each kind of people", lang)
	if t.err != nil {
		return [][]string{nil, nil}
	}
	return all
}

// rolesApart: whoever runs an install for others decides about accounts and how
// they are guarded, and the business about those who write to it. Who runs it for
// their own business alone decides about all.
func rolesApart(t *trial) {
	sides := map[string][2]string{"en": {"We", "The business; we handle it on its behalf"}, "tr": {"Biz", "İşletme; biz onun adına işleriz"}}
	for _, role := range []string{"others", "own"} {
		t.profile("role", role)
		for lang, side := range sides {
			us, business := side[0], side[1]
			if role == "own" {
				business = us
			}
			all, ours := t.deciders(lang), 0
			for _, who := range all[0] {
				t.want(who == business, "of people who write the right side decides, and not %q", who)
			}
			for _, who := range all[1] {
				if who == us {
					ours++
				}
				t.want(who == us || who == business, "%q decides about nothing", who)
			}
			t.want(ours > 10 && (role == "own" || ours < len(all[1])), "about accounts we decide, and about a business's own records it does")
		}
	}
}
