package api

import (
	"time"

	"parley/internal/kit/i18n"
	"parley/internal/privacy"
	"parley/internal/promise"
)

// groundsShown is what is held of one kind of people.
type groundsShown struct {
	Of    string
	Kinds []groundShown
}

// groundShown is one kind of data: why it is held, who decides about it, the
// ground it rests on, and until when.
type groundShown struct{ Kind, Why, Decides, Ground, Until string }

// grounds fills the tables of what is held of people, from the lists that also end
// it.
func (p *published) grounds() {
	p.Grounds = []groundsShown{{p.T("grounds.visitors"), p.held("notice.", privacy.OfVisitors())},
		{p.T("grounds.members"), p.held("policy.", privacy.OfMembers())}}
}

// held says a list in the words of a set of texts.
func (p *published) held(words string, all []privacy.Held) (shown []groundShown) {
	args := map[string]string{"business": p.T("grounds.business")}
	for _, h := range all {
		one := groundShown{Kind: i18n.T(p.Lang, words+"held."+h.Name, args), Why: i18n.T(p.Lang, words+"why."+h.Name, args),
			Decides: p.T("grounds.by_us"), Ground: i18n.T(p.Lang, "notice.ground."+string(h.Ground), nil)}
		if h.Decides == privacy.Business && !p.Own {
			one.Decides = p.T("grounds.by_business")
		}
		switch {
		case h.With != "":
			one.Until = p.T("grounds.with." + string(h.With))
		case h.After == 0 && h.Months == 0:
			one.Until = i18n.T(p.Lang, "notice.until.never", nil)
		case h.After == time.Hour:
			one.Until = i18n.T(p.Lang, "notice.until.most", map[string]string{"span": i18n.T(p.Lang, "notice.span.hour", map[string]string{"n": "1"})})
		default:
			one.Until = i18n.T(p.Lang, "notice.until.most", map[string]string{"span": promise.Span(p.Lang, h.After, h.Months)})
		}
		shown = append(shown, one)
	}
	return shown
}
