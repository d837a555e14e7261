package api

import (
	"time"

	"parley/internal/kit/i18n"
	"parley/internal/privacy"
	"parley/internal/promise"
)

// groundShown is one kind of data with the ground it rests on.
type groundShown struct{ Kind, Ground, Until string }

// grounds fills the table of what is held of people who write, from the list that
// also ends it.
func (p *published) grounds() {
	args := map[string]string{"business": p.T("grounds.business")}
	for _, h := range privacy.OfVisitors() {
		one := groundShown{Kind: i18n.T(p.Lang, "notice.held."+h.Name, args), Ground: i18n.T(p.Lang, "notice.ground."+string(h.Ground), nil)}
		switch {
		case h.With:
			one.Until = i18n.T(p.Lang, "policy.grounds.with", nil)
		case h.After == 0 && h.Months == 0:
			one.Until = i18n.T(p.Lang, "notice.until.never", nil)
		case h.After == time.Hour:
			one.Until = i18n.T(p.Lang, "notice.until.most", map[string]string{"span": i18n.T(p.Lang, "notice.span.hour", map[string]string{"n": "1"})})
		default:
			one.Until = i18n.T(p.Lang, "notice.until.most", map[string]string{"span": promise.Span(p.Lang, h.After, h.Months)})
		}
		p.Grounds = append(p.Grounds, one)
	}
}
