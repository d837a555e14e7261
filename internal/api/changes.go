package api

import (
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/kit/i18n"
	"parley/internal/member"
	"parley/internal/promise"
)

// changesPage shows every version of the policy, what differs from one to the
// next, and from when each holds.
type changesPage struct {
	sheet
	Versions []versionShown
}

type versionShown struct {
	Number                        int64
	Title, Dates, Reason, Purpose string
	Changed                       []promise.Change
	Lines                         []string
	Hash                          string
}

func changesRoutes(a *API) {
	a.open(Route{ID: "changes-page", Method: http.MethodGet, Path: member.ChangesPath, Needs: Public, Hidden: true, Tag: "site",
		Summary: "What changed in the policy, and what will"}, a.showChanges)
}

func (a *API) showChanges(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	p := &changesPage{sheet: newSheet(c, r, "policy.")}
	all, err := a.editions(r.Context())
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	for i, e := range all {
		v := versionShown{Number: e.Number, Reason: e.Reason, Hash: hex.EncodeToString(e.Hash), Title: coming(p.Lang, "policy.version.title", e), Dates: coming(p.Lang, "policy.changes.was", e)}
		switch {
		case e.InForce:
			v.Dates = coming(p.Lang, "policy.version.in_force", e)
		case e.EffectiveAt.After(a.Clock.Now()):
			v.Dates = coming(p.Lang, "policy.version.coming", e)
		}
		if e.Purpose != "" {
			v.Purpose = i18n.T(p.Lang, "mail.policy.purpose", map[string]string{"purpose": i18n.T(p.Lang, "acknowledge.purpose."+e.Purpose, nil)})
		}
		if i+1 < len(all) {
			v.Changed = promise.Differences(all[i+1].Body[p.Lang], e.Body[p.Lang])
		}
		v.Lines = strings.Split(strings.TrimSpace(e.Body[p.Lang]), "\n")
		p.Versions = append(p.Versions, v)
	}
	a.showSheet(w, r, p.sheet, "changes.html", p)
}

// coming says a sentence about a version and its days.
func coming(lang, key string, e promise.Edition) string {
	return i18n.T(lang, key, map[string]string{"number": strconv.FormatInt(e.Number, 10),
		"published": e.PublishedAt.UTC().Format(time.DateOnly), "from": e.EffectiveAt.UTC().Format(time.DateOnly)})
}

// comingLine says that another policy will hold; "" = none will.
func (a *API) comingLine(all []promise.Edition, lang string) string {
	for _, e := range all {
		if e.EffectiveAt.After(a.Clock.Now()) {
			return coming(lang, "policy.changes.soon", e)
		}
	}
	return ""
}
