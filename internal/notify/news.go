package notify

import (
	"strconv"

	"parley/internal/desk"
	"parley/internal/store"
)

// StopPath is where the link of a mail leads that somebody allowed and may want
// no more; a token follows.
const StopPath = "/unsubscribe/"

// marketing reports whether a letter needs a consent that holds.
func marketing(k desk.LetterKind) bool { return k.Category() == desk.LetterOfNews }

// permitted finds the consent that a marketing letter is sent by; desk.Forbidden
// "no_consent" without one that holds.
func permitted(r *store.Rx, l desk.Letter) (desk.Consent, error) {
	m, err := r.Member(l.Member)
	if err != nil {
		return desk.Consent{}, err
	}
	return r.Allowed(m, desk.ConsentNews)
}

// readNews adds the words of product news, and the link by which it is stopped,
// to a letter. A consent that is gone leaves refused set.
func (n *Notify) readNews(r *store.Rx, a *addressed) error {
	c, err := permitted(r, a.letter)
	if desk.CodeOf(err) == desk.Forbidden {
		a.refused = true
		return nil
	}
	if err != nil {
		return err
	}
	hash, err := r.StopHash(c)
	if err != nil {
		return err
	}
	a.stop = n.Home + StopPath + desk.LetterToken(desk.Letter{Workspace: a.letter.Workspace, ID: c.ID}, hash)
	id, err := strconv.ParseInt(a.letter.About, 10, 64)
	if err != nil {
		return desk.Fail(desk.NotFound, "news_not_found", "this news is gone")
	}
	a.news, err = r.News(desk.ID(id), a.locale())
	return err
}
