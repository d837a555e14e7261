package knowledge

import (
	"context"
	"net/url"
	"strings"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/knowledge/extract"
	"parley/internal/knowledge/web"
	"parley/internal/store"
)

// finding is what came of looking at a page.
type finding struct {
	state  store.PageState
	reason string
	got    web.Got
	title  string
	said   []extract.Passage // of a page that was read
	same   bool              // as at the last time: nothing about its passages changes
	again  bool              // look at it once more in this round
	drop   bool              // its passages go at once: its owner, or its new place, says so
	miss   bool              // it is not there; the second time in a row its passages go
	strike bool              // the site did not answer
	links  []*url.URL
	shut   []*url.URL // links that robots.txt asks not to read
	depth  int        // of the links
	maps   []string
}

// judge tells what an answer means for a page. It is pure.
func judge(st step, got web.Got) finding {
	f := finding{got: got, reason: got.Reason, depth: st.page.Depth + 1}
	switch got.Outcome {
	case web.Same:
		f.state, f.same = store.PageRead, true
	case web.Moved:
		f.state, f.depth = store.PageSkipped, st.page.Depth
		to, ok := web.Resolve(st.url, "", got.To)
		if f.drop = ok; ok && to.String() != st.page.URL {
			f.links = []*url.URL{to}
		} else if !ok {
			f.reason, f.miss = "redirect_outside", true
		}
	case web.Gone:
		f.state, f.miss = store.PageMissing, true
	case web.Refused, web.NoPage:
		f.state, f.miss = store.PageSkipped, true
	case web.Later:
		f.state, f.strike = store.PageFailed, true
		f.again = st.page.Tries+1 < maxPageTries
	case web.Large:
		f.state = store.PageFailed
	case web.Here:
		f.here(st)
	}
	return f
}

// here reads a page that came.
func (f *finding) here(st step) {
	if web.IsMap(f.got.Body) {
		m := web.ReadMap(f.got.Body)
		f.state, f.reason, f.maps = store.PageSkipped, "sitemap", m.Maps
		f.follow(st, "", m.Pages)
		return
	}
	if st.page.Map {
		f.state, f.reason = store.PageSkipped, "no_sitemap"
		return
	}
	p, err := extract.HTML(f.got.Body, f.got.Kind)
	if err != nil {
		f.state, f.reason = store.PageFailed, string(err.Reason)
		f.drop = err.Reason == extract.Empty
		return
	}
	f.title = p.Title
	if !p.NoFollow && !f.got.NoFollow {
		f.follow(st, p.Base, p.Links)
	}
	original, ok := web.Resolve(st.url, p.Base, p.Canonical)
	switch {
	case p.NoIndex || f.got.NoIndex:
		f.state, f.reason, f.drop = store.PageSkipped, "noindex", true
	case p.Canonical != "" && ok && original.String() != st.page.URL:
		f.state, f.reason, f.drop = store.PageSkipped, "canonical", true
		f.links, f.depth = append([]*url.URL{original}, f.links...), st.page.Depth
	case len(p.Passages) == 0:
		f.state, f.reason, f.drop = store.PageSkipped, "no_text", true
	default:
		f.state, f.said = store.PageRead, p.Passages
	}
}

// follow keeps the links of a site's page that are worth it.
func (f *finding) follow(st step, base string, links []string) {
	if st.source.Kind != WebSite || f.depth > maxSiteDepth {
		return
	}
	for _, l := range links {
		u, ok := web.Resolve(st.url, base, l)
		switch {
		case !ok || !web.Follows(u):
		case origin(u) == origin(st.url) && !st.rules.Allows(u):
			f.shut = append(f.shut, u)
		default:
			f.links = append(f.links, u)
		}
	}
}

// note commits what was found, and asks for the next page.
func (k *Knowledge) note(ctx context.Context, j *flow.Job, st step, f finding) error {
	var fresh []store.Passage
	if len(f.said) > 0 {
		fresh, _ = keepable(st.source.Language, f.said) // extract bounds how many there are
	}
	return k.DB.In(j.Items[0].Workspace).Write(ctx, func(tx *store.Tx) error {
		page, err := tx.Page(st.page.ID)
		if desk.IsNotFound(err) {
			return j.Finish(tx)
		}
		if err != nil {
			return err
		}
		changed, err := k.file(tx, st, &page, f, fresh)
		if err != nil {
			return err
		}
		limited, err := addLinks(tx, st, f)
		if err != nil {
			return err
		}
		if err := k.progress(tx, st, f, changed, limited); err != nil {
			return err
		}
		wait := max(k.Web.Pause, st.rules.Delay)
		if f.got.Outcome == "" {
			wait = 0 // nobody was asked
		}
		return k.goOn(tx, j, st, wait)
	})
}

// file writes what became of a page; changed tells that its passages did.
func (k *Knowledge) file(tx *store.Tx, st step, page *store.Page, f finding, fresh []store.Passage) (changed bool, err error) {
	page.State, page.Reason, page.Status = f.state, f.reason, f.got.Status
	if f.got.Outcome != "" {
		page.FetchedAt = tx.Now()
	}
	if f.again {
		page.Tries++
		return false, tx.UpdatePage(*page)
	}
	page.Round = st.crawl.Round
	if !f.miss {
		page.Misses = 0
	} else if page.Misses++; page.Misses > 1 {
		f.drop = true
	}
	switch {
	case f.same, f.drop, f.miss, f.state != store.PageRead:
	default:
		if changed, err = k.keepPage(tx, page, f, fresh); err != nil {
			return changed, err
		}
	}
	if f.drop && page.Passages > 0 {
		changed = true
		page.Passages, page.Hash, page.PageFacts = 0, nil, store.PageFacts{}
		if err := tx.ReplacePagePassages(*page, nil); err != nil {
			return changed, err
		}
	}
	if f.miss && page.Misses > 1 && page.No > 1 {
		return changed, tx.DropPage(*page)
	}
	return changed, tx.UpdatePage(*page)
}

// keepPage puts in what a page says, unless it is what it said before, or what
// another page says.
func (k *Knowledge) keepPage(tx *store.Tx, page *store.Page, f finding, fresh []store.Passage) (changed bool, err error) {
	var all strings.Builder
	for i := range f.said {
		all.WriteString(f.said[i].Hash())
	}
	hash, err := tx.PageHash(all.String())
	if err != nil {
		return false, err
	}
	page.PageFacts = store.PageFacts{Title: f.title, ETag: f.got.ETag, Modified: f.got.Modified}
	if string(hash) == string(page.Hash) && page.Passages > 0 {
		return false, nil
	}
	twin, err := tx.SamePage(*page, hash)
	if err != nil {
		return false, err
	}
	_, _, _, all2, err := tx.CountPages(page.Source, 0)
	if err != nil {
		return false, err
	}
	had := page.Passages
	switch {
	case twin:
		page.State, page.Reason, fresh = store.PageSkipped, "duplicate", nil
	case all2-had+len(fresh) > extract.MaxPassages:
		page.State, page.Reason, fresh = store.PageFailed, "source_full", nil
	}
	page.Hash, page.Passages = hash, len(fresh)
	if len(fresh) == 0 {
		page.Hash = nil
		if had == 0 {
			return false, nil
		}
	}
	page.ChangedAt = tx.Now()
	return true, tx.ReplacePagePassages(*page, fresh)
}

// addLinks adds pages that nobody knew; limited tells that there was no room for
// another.
func addLinks(tx *store.Tx, st step, f finding) (limited bool, err error) {
	if len(f.links)+len(f.maps)+len(f.shut) == 0 {
		return false, nil
	}
	known, err := tx.KnownPages(st.source.ID)
	if err != nil {
		return false, err
	}
	if st.source.Kind == WebSite {
		if err := addMaps(tx, &known, st, f.maps); err != nil {
			return false, err
		}
	}
	for _, u := range f.shut {
		if known.Shut >= maxShut {
			break
		}
		p := store.Page{Source: st.source.ID, URL: u.String(), Depth: f.depth, Round: st.crawl.Round, Reason: store.PageShut}
		if _, err := tx.AddPage(&known, p, web.Path(u), maxVariants); err != nil {
			return false, err
		}
	}
	limit := st.crawl.Limit
	if st.source.Kind == WebPage {
		limit = maxPageTries + 2 // a page that moved, and moved again
	}
	for _, u := range f.links {
		if known.Pages >= limit {
			has, err := tx.KnowsPage(known, u.String())
			if err != nil {
				return false, err
			}
			if !has {
				return true, nil
			}
			continue
		}
		if _, err := tx.AddPage(&known, store.Page{Source: st.source.ID, URL: u.String(), Depth: f.depth}, web.Path(u), maxVariants); err != nil {
			return false, err
		}
	}
	return false, nil
}

// progress writes how far the round is, and tells those who watch.
func (k *Knowledge) progress(tx *store.Tx, st step, f finding, changed, limited bool) error {
	_, err := tx.ChangeCrawl(st.source.ID, func(c *store.Crawl) error {
		c.Limited = c.Limited || limited
		switch {
		case f.strike && !f.again:
			c.Strikes++
		case !f.strike:
			c.Strikes = 0
		}
		if changed {
			c.Changed++
		}
		return k.counted(tx, c)
	})
	if err != nil {
		return err
	}
	_, _, _, passages, err := tx.CountPages(st.source.ID, 0)
	if err != nil {
		return err
	}
	_, err = tx.ChangeSource(st.source.ID, fold, func(s *store.Source) error {
		s.Passages = passages
		return nil
	})
	if err != nil {
		return err
	}
	return k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: st.source.ID})
}
