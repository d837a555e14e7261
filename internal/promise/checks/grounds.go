package checks

import (
	"net/http"
	"regexp"
)

var (
	groundRow = regexp.MustCompile(`<tr><th scope="row">(.+?)</th><td>(.+?)</td><td>(.+?)</td></tr>`)
	heldCard  = regexp.MustCompile(`<h3>.+?</h3>\s*<dl><dt>.+?</dt><dd>.+?</dd><dt>.+?</dt><dd>(.+?)</dd>`)
)

// groundsByCategory holds the table of the policy to the notice that visitors read:
// both are made of the list by which data ends.
func groundsByCategory(t *trial) {
	for _, l := range []string{"en", "tr"} {
		policy, notice := t.page("/privacy?l="+l), t.page("/w/"+t.w.Place().Widget+"/privacy?l="+l)
		t.want(policy.Status == http.StatusOK && notice.Status == http.StatusOK, "the policy and the notice to visitors are there in %s", l)
		rows, told := groundRow.FindAllSubmatch(policy.Body, -1), heldCard.FindAllSubmatch(notice.Body, -1)
		t.want(len(rows) >= 15 && len(rows) == len(told), "in %s the table has a row for each kind of data that the notice tells of", l)
		for i := range min(len(rows), len(told)) {
			t.want(string(rows[i][2]) == string(told[i][1]), "row %d in %s rests on the ground that the notice names", i+1, l)
		}
	}
}
