package store

import "parley/internal/desk"

// ReplacePagePassages puts new passages in place of a page's; one that says what
// an old one said keeps its id. None takes the page out of the index.
func (t *Tx) ReplacePagePassages(p Page, fresh []Passage) error {
	stamp, err := t.replacePassages(p.Source, p.places(), fresh)
	if err != nil {
		return err
	}
	if len(fresh) == 0 {
		stamp = 0
	}
	return t.must("page", sqlStampPage, int64(t.ws), int64(p.ID), stamp)
}

func (p Page) places() places {
	return places{int64(p.No) * PagePassages, (int64(p.No) + 1) * PagePassages}
}

// DropPage removes a page with its passages.
func (t *Tx) DropPage(p Page) error {
	if p.Passages > 0 {
		if err := t.ReplacePagePassages(p, nil); err != nil {
			return err
		}
	}
	return t.must("page", sqlDropPage, int64(t.ws), int64(p.ID))
}

// StampPages makes every index read the pages of a source again: their source
// has another name, which is part of what is searched.
func (t *Tx) StampPages(source desk.ID) error {
	stamp, err := t.moveKnowledge()
	if err != nil {
		return err
	}
	if _, err := t.exec(sqlStampPages, int64(t.ws), int64(source), stamp); err != nil {
		return err
	}
	return t.DropIndex()
}

// StampPage does the same for the one page that a passage stands on.
func (t *Tx) StampPage(p Passage) error {
	page, err := t.PageOf(p)
	if err != nil {
		return err
	}
	stamp, err := t.moveKnowledge()
	if err != nil {
		return err
	}
	if err := t.must("page", sqlStampPage, int64(t.ws), int64(page.ID), stamp); err != nil {
		return err
	}
	return t.DropIndex()
}

// StampedPages lists the pages of a source that an index may know.
func (r *Rx) StampedPages(source desk.ID) (all []desk.ID, err error) {
	err = r.each(sqlStamped, []any{int64(r.ws), int64(source)}, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

// Stamped gives what a stamp of SourceStamps is about: a source with all its
// passages, or a page's source with the page's.
func (r *Rx) Stamped(id desk.ID) (Source, []Passage, error) {
	s, err := r.Source(id)
	if err == nil {
		all, err := r.Passages(id)
		if err == nil {
			err = r.phrased(id, all)
		}
		return s, all, err
	}
	if !desk.IsNotFound(err) {
		return s, nil, err
	}
	p, err := r.Page(id)
	if err != nil {
		return s, nil, err
	}
	if s, err = r.Source(p.Source); err != nil {
		return s, nil, err
	}
	all, err := r.passages(p.Source, p.places())
	if err == nil {
		err = r.phrased(p.Source, all)
	}
	return s, all, err
}

// BeginPages makes a source's pages ready for a new round.
func (t *Tx) BeginPages(source desk.ID) error {
	_, err := t.exec(sqlFreshTries, int64(t.ws), int64(source))
	return err
}

// CountPages tells how far a round is, without sitemaps: pages known, looked at
// in this round, failed of those, and the passages of all.
func (r *Rx) CountPages(source desk.ID, round int64) (known, done, failed, passages int, err error) {
	err = r.row(sqlCountPages, int64(r.ws), int64(source), round).Scan(&known, &done, &failed, &passages)
	return known, done, failed, passages, err
}

// KnowsPage reports whether k has an address already.
func (r *Rx) KnowsPage(k Known, url string) (bool, error) {
	hash, err := r.db.vault.Hash(r.ctx, int64(r.ws), "page address", url)
	return k.URLs[string(hash)], err
}
