package knowledge

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/text"
	"parley/internal/knowledge/web"
	"parley/internal/store"
)

// Kinds of source that are read from the web: one page, or a site from one page on.
const (
	WebPage = "page"
	WebSite = "site"
)

// CrawlWork is the kind of work that looks at one page, in a lane per source.
const CrawlWork = "crawl"

// Limits of a site.
const (
	MaxSitePages  = 2000
	SitePages     = 200 // where nobody says how many
	maxSiteDepth  = 8   // links from the first page
	maxSiteMaps   = 50
	maxVariants   = 5 // addresses that differ in their query alone
	maxPageTries  = 3 // in one round
	maxStrikes    = 10
	maxOrigins    = 4  // http and https, with www. and without
	maxShut       = 50 // pages that robots.txt asks not to read and that are listed with this reason
	staleUnasked  = 30 * 24 * time.Hour
	scheduleLimit = 100 // rounds begun in one step
)

// schedules are how often a site may be read, and how far apart.
func schedules() map[string]time.Duration {
	return map[string]time.Duration{"off": 0, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour}
}

// Site is what to read. Schedule "" is off; Limit 0 is SitePages.
type Site struct {
	Kind     string // WebPage or WebSite
	URL      string
	Schedule string
	Limit    int
}

func (s *Site) check() (*url.URL, error) {
	u, err := web.Typed(s.URL)
	if err != nil {
		return nil, invalid("bad_url", err.Error())
	}
	if s.Schedule == "" {
		s.Schedule = "off"
	}
	if s.Limit == 0 {
		s.Limit = SitePages
	}
	if s.Kind == WebPage {
		s.Limit = 1
	}
	return u, checkPlan(s.Schedule, s.Limit)
}

func checkPlan(schedule string, limit int) error {
	if _, ok := schedules()[schedule]; !ok {
		return invalid("bad_schedule", "a site is read off, daily or weekly")
	}
	if limit < 1 || limit > MaxSitePages {
		return invalid("bad_limit", fmt.Sprintf("a site has between 1 and %d pages", MaxSitePages))
	}
	return nil
}

// AddSite adds a page or a site and begins to read it. Errors: desk.Invalid with
// bad_url, bad_schedule or bad_limit, and those of AddFAQ. Source.Name "" takes
// the address's host.
func (k *Knowledge) AddSite(ctx context.Context, ws desk.ID, s Source, site Site) (store.Source, error) {
	u, err := site.check()
	if err == nil && k.Web == nil {
		err = invalid("wrong_kind", "this install reads no web pages")
	}
	if err != nil {
		return store.Source{}, err
	}
	if s.Name == "" {
		s.Name = text.Cut(u.Host+u.Path, MaxName)
	}
	row := store.Source{Kind: site.Kind, Name: text.Normalise(s.Name, 0), URL: u.String(), Language: s.Language, State: store.SourceQueued, Workspace: ws, Revision: 1}
	if err := check(row); err != nil {
		return row, err
	}
	err = k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		row.ID = tx.NewID()
		row.CreatedAt, row.UpdatedAt = tx.Now(), tx.Now()
		if err := tx.InsertSource(row, fold(row.Name), []byte(row.URL)); err != nil {
			return err
		}
		if err := tx.InsertCrawl(store.Crawl{Source: row.ID, Schedule: site.Schedule, Limit: site.Limit}); err != nil {
			return err
		}
		known, err := tx.KnownPages(row.ID)
		if err != nil {
			return err
		}
		if _, err := tx.AddPage(&known, store.Page{Source: row.ID, URL: row.URL}, web.Path(u), maxVariants); err != nil {
			return err
		}
		if err := k.recorded(tx, s.By, "source.add", row.ID); err != nil {
			return err
		}
		return k.beginRound(tx, row.ID)
	})
	return row, err
}

// Refresh begins to read a page or site again; one that is being read goes on.
func (k *Knowledge) Refresh(ctx context.Context, ws, id desk.ID, by desk.Actor) (store.Source, error) {
	var s store.Source
	err := k.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
		if s, err = tx.Source(id); err != nil {
			return err
		}
		if !isWeb(s.Kind) {
			return invalid("wrong_kind", "only pages and sites are read again; change the others")
		}
		if err := k.recorded(tx, by, "source.refresh", id); err != nil {
			return err
		}
		if err := k.beginRound(tx, id); err != nil {
			return err
		}
		s, err = tx.Source(id)
		return err
	})
	return s, err
}

func isWeb(kind string) bool { return kind == WebPage || kind == WebSite }

// beginRound begins to look at every page of a source, unless that goes on.
func (k *Knowledge) beginRound(tx *store.Tx, id desk.ID) error {
	begun := false
	_, err := tx.ChangeCrawl(id, func(c *store.Crawl) error {
		if begun = !c.Running; begun {
			c.Round, c.Running, c.StartedAt, c.NextAt = c.Round+1, true, tx.Now(), time.Time{}
			c.Robots, c.RobotsTries, c.Strikes, c.Done, c.Failed, c.Changed, c.Limited = nil, 0, 0, 0, 0, 0, false
		}
		return nil
	})
	if err != nil || !begun {
		return err
	}
	if err := tx.BeginPages(id); err != nil {
		return err
	}
	_, err = tx.ChangeSource(id, fold, func(s *store.Source) error {
		if s.Passages == 0 {
			s.State, s.Reason = store.SourceReading, ""
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := k.Flow.Add(tx, flow.Item{Kind: CrawlWork, Key: id, Object: id}); err != nil {
		return err
	}
	return k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: id})
}

// BeginDue begins the rounds of sites whose time has come, and tells how many.
func (k *Knowledge) BeginDue(tx *store.Tx) (int64, error) {
	ws, err := tx.Settings()
	if err != nil || ws.Closed() {
		return 0, err
	}
	due, err := tx.CrawlsDue(scheduleLimit)
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		if err := k.beginRound(tx, id); err != nil {
			return 0, err
		}
	}
	return int64(len(due)), nil
}

// Plan changes how often a site is read and how many pages it may have; nil
// leaves it as it is.
type Plan struct {
	Schedule *string
	Limit    *int
}

// replan changes what is special about web pages: their plan, and that their
// source's name is part of what is searched.
func replan(tx *store.Tx, s store.Source, change Change) error {
	p := change.Plan
	if !isWeb(s.Kind) {
		if p.Schedule != nil || p.Limit != nil {
			return invalid("wrong_kind", "only pages and sites have a schedule and a limit")
		}
		return nil
	}
	if change.URL != nil && *change.URL != s.URL {
		return invalid("wrong_kind", "the address of a page or site stays; add the other one and remove this")
	}
	if change.Name != nil && *change.Name != s.Name {
		if err := tx.StampPages(s.ID); err != nil {
			return err
		}
	}
	if p.Schedule == nil && p.Limit == nil {
		return nil
	}
	_, err := tx.ChangeCrawl(s.ID, func(c *store.Crawl) error {
		if p.Schedule != nil {
			c.Schedule = *p.Schedule
		}
		if p.Limit != nil && s.Kind == WebSite {
			c.Limit = *p.Limit
		}
		if !c.Running {
			c.NextAt = next(c)
		}
		return checkPlan(c.Schedule, c.Limit)
	})
	return err
}

// next is when a source is due again, zero for never.
func next(c *store.Crawl) time.Time {
	every := schedules()[c.Schedule]
	if every == 0 || c.StartedAt.IsZero() {
		return time.Time{}
	}
	return c.StartedAt.Add(every)
}

// Crawls gives how far the reading of sources of web pages is, by source; those
// of other kinds have none.
func (k *Knowledge) Crawls(ctx context.Context, ws desk.ID, sources ...store.Source) (map[desk.ID]store.Crawl, error) {
	all := map[desk.ID]store.Crawl{}
	if !slices.ContainsFunc(sources, func(s store.Source) bool { return isWeb(s.Kind) }) {
		return all, nil
	}
	err := k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		for _, s := range sources {
			if !isWeb(s.Kind) {
				continue
			}
			c, err := r.Crawl(s.ID)
			if desk.IsNotFound(err) {
				continue
			}
			if err != nil {
				return err
			}
			all[s.ID] = c
		}
		return nil
	})
	return all, err
}

// Stale reports a site whose knowledge is older than its schedule promises, or
// than a month where it has none.
func Stale(c store.Crawl, now time.Time) bool {
	term := 2 * schedules()[c.Schedule]
	if term == 0 {
		term = staleUnasked
	}
	return !c.FinishedAt.IsZero() && now.Sub(c.FinishedAt) > term
}

// PageList is a part of a source's pages: those with a number above After, at
// most Limit. State "" = all.
type PageList struct {
	State        store.PageState
	After, Limit int
}

// Pages lists pages of a source by number.
func (k *Knowledge) Pages(ctx context.Context, ws, id desk.ID, p PageList) (all []store.Page, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		if _, err := r.Source(id); err != nil {
			return err
		}
		all, err = r.Pages(id, p.State, p.After, p.Limit)
		return err
	})
	return all, err
}

// robots are the rules of a site's hosts, as they are kept for a round.
type robots map[string]string

func readRobots(c store.Crawl) robots {
	r := robots{}
	if c.RobotsRound == c.Round && len(c.Robots) > 0 && json.Unmarshal(c.Robots, &r) != nil {
		return robots{}
	}
	return r
}

func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }

// addressOf is where a reader finds a passage: its page, where it stands on one.
func addressOf(r *store.Rx, s store.Source, p store.Passage) (string, error) {
	if !isWeb(s.Kind) {
		return s.URL, nil
	}
	page, err := r.PageOf(p)
	if desk.IsNotFound(err) {
		return s.URL, nil
	}
	return page.URL, err
}
