package store

import (
	"encoding/json"
	"errors"
	"time"

	"parley/internal/desk"
)

// PageState says what became of a page of a source.
type PageState string

// The states of a page.
const (
	PageWaiting PageState = "waiting" // nobody looked at it yet
	PageRead    PageState = "read"
	PageSkipped PageState = "skipped" // it is not wanted; Reason says why
	PageFailed  PageState = "failed"  // it did not answer; what it said before stays
	PageMissing PageState = "missing" // it was not there; after a second time it goes
)

// Crawl is how a source of web pages is read, and how far its reading is.
type Crawl struct {
	Source      desk.ID
	Schedule    string // off, daily, weekly
	Limit       int    // pages it may have
	Round       int64  // number of the reading
	Running     bool
	Robots      []byte // the site's rules for programs, where RobotsRound is Round
	RobotsRound int64
	RobotsTries int
	Strikes     int // failures in a row
	Found       int // pages known
	Done        int // of those, looked at in this round
	Failed      int // of those, failed
	Changed     int // of those, with another content than before
	Limited     bool
	StartedAt   time.Time
	FinishedAt  time.Time // zero: never
	NextAt      time.Time // zero: none
}

// Page is one page of such a source.
type Page struct {
	ID     desk.ID
	Source desk.ID
	No     int  // its number in the source, from 1
	Map    bool // a sitemap, which only names pages
	URL    string
	Depth  int
	Round  int64 // in which it was last looked at
	Tries  int   // in this round
	State  PageState
	Reason string
	Status int
	Hash   []byte // of what it says; nil for nothing
	PageFacts
	Passages  int
	Misses    int
	FetchedAt time.Time
	ChangedAt time.Time
}

// PageFacts are what a site says about a page.
type PageFacts struct {
	Title    string `json:"t,omitempty"`
	ETag     string `json:"e,omitempty"`
	Modified string `json:"m,omitempty"`
}

// PagePassages is how many passages a page may have at most: their places in the
// source begin at this times the page's number.
const PagePassages = 100_000

const (
	crawlColumns = `source_id, schedule, page_limit, round, running, robots, robots_round, robots_tries, strikes,
		found, done, failed, changed, limited, started_at, finished_at, next_at`
	sqlInsertCrawl = `INSERT INTO source_crawl (workspace_id, ` + crawlColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`
	sqlCrawl       = `SELECT ` + crawlColumns + ` FROM source_crawl WHERE workspace_id = $1 AND source_id = $2`
	sqlCrawlLocked = sqlCrawl + forUpdate
	sqlUpdateCrawl = `UPDATE source_crawl SET schedule = $3, page_limit = $4, round = $5, running = $6, robots = $7,
		robots_round = $8, robots_tries = $9, strikes = $10, found = $11, done = $12, failed = $13, changed = $14, limited = $15,
		started_at = $16, finished_at = $17, next_at = $18 WHERE workspace_id = $1 AND source_id = $2`
	sqlCrawlsDue = `SELECT source_id FROM source_crawl WHERE workspace_id = $1 AND next_at > 0 AND next_at <= $2 ORDER BY next_at LIMIT $3`
	sqlDropCrawl = `DELETE FROM source_crawl WHERE workspace_id = $1 AND source_id = $2`
	sqlDropPages = `DELETE FROM source_page WHERE workspace_id = $1 AND source_id = $2`

	pageColumns = `id, source_id, no, map, url, depth, round, tries, state, reason, status, hash, facts, passages, misses,
		fetched_at, changed_at`
	sqlInsertPage = `INSERT INTO source_page (workspace_id, ` + pageColumns + `, url_hash, path_hash, stamp)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 0)`
	sqlUpdatePage = `UPDATE source_page SET depth = $3, round = $4, tries = $5, state = $6, reason = $7, status = $8, hash = $9,
		facts = $10, passages = $11, misses = $12, fetched_at = $13, changed_at = $14 WHERE workspace_id = $1 AND id = $2`
	sqlPage     = `SELECT ` + pageColumns + ` FROM source_page WHERE workspace_id = $1 AND id = $2`
	sqlPageNo   = `SELECT ` + pageColumns + ` FROM source_page WHERE workspace_id = $1 AND source_id = $2 AND no = $3`
	sqlPages    = `SELECT ` + pageColumns + ` FROM source_page WHERE workspace_id = $1 AND source_id = $2 AND no > $3 ORDER BY no LIMIT $4`
	sqlPagesIn  = `SELECT ` + pageColumns + ` FROM source_page WHERE workspace_id = $1 AND source_id = $2 AND no > $3 AND state = $5 ORDER BY no LIMIT $4`
	sqlNextPage = `SELECT ` + pageColumns + ` FROM source_page WHERE workspace_id = $1 AND source_id = $2 AND round < $3
		ORDER BY tries, depth, no LIMIT 1`
	sqlKnownPages = `SELECT url_hash, path_hash, no, map, reason FROM source_page WHERE workspace_id = $1 AND source_id = $2`
	sqlSamePage   = `SELECT id FROM source_page WHERE workspace_id = $1 AND source_id = $2 AND hash = $3 AND passages > 0 AND id <> $4 LIMIT 1`
	sqlCountPages = `SELECT count(*), coalesce(sum(CASE WHEN round = $3 THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN round = $3 AND state = 'failed' THEN 1 ELSE 0 END), 0), coalesce(sum(passages), 0)
		FROM source_page WHERE workspace_id = $1 AND source_id = $2 AND map = FALSE`
	sqlFreshTries = `UPDATE source_page SET tries = 0 WHERE workspace_id = $1 AND source_id = $2 AND tries > 0`
	sqlStampPage  = `UPDATE source_page SET stamp = $3 WHERE workspace_id = $1 AND id = $2`
	sqlStampPages = `UPDATE source_page SET stamp = $3 WHERE workspace_id = $1 AND source_id = $2 AND stamp > 0`
	sqlDropPage   = `DELETE FROM source_page WHERE workspace_id = $1 AND id = $2`
	sqlStamped    = `SELECT id FROM source_page WHERE workspace_id = $1 AND source_id = $2 AND stamp > 0`
)

// InsertCrawl adds how a source is read.
func (t *Tx) InsertCrawl(c Crawl) error {
	row, err := t.crawlRow(c)
	if err != nil {
		return err
	}
	_, err = t.exec(sqlInsertCrawl, row...)
	return err
}

func (t *Tx) crawlRow(c Crawl) ([]any, error) {
	robots, err := t.seal(t.workspaceKey(), "source_crawl", "robots", c.Source, c.Robots)
	return []any{int64(t.ws), int64(c.Source), c.Schedule, c.Limit, c.Round, c.Running, robots, c.RobotsRound, c.RobotsTries, c.Strikes,
		c.Found, c.Done, c.Failed, c.Changed, c.Limited, us(c.StartedAt), us(c.FinishedAt), us(c.NextAt)}, err
}

// Crawl returns how a source is read.
func (r *Rx) Crawl(source desk.ID) (Crawl, error) {
	c, err := r.scanCrawl(r.row(sqlCrawl, int64(r.ws), int64(source)))
	return c, found("source", err)
}

// ChangeCrawl applies fn and keeps the row locked until the commit.
func (t *Tx) ChangeCrawl(source desk.ID, fn func(*Crawl) error) (Crawl, error) {
	c, err := t.scanCrawl(t.row(sqlCrawlLocked, int64(t.ws), int64(source)))
	if err != nil {
		return c, found("source", err)
	}
	if err := fn(&c); err != nil {
		return c, err
	}
	row, err := t.crawlRow(c)
	if err != nil {
		return c, err
	}
	return c, t.must("source", sqlUpdateCrawl, row...)
}

// CrawlsDue lists sources whose next round is due.
func (t *Tx) CrawlsDue(limit int) (due []desk.ID, err error) {
	err = t.each(sqlCrawlsDue, []any{int64(t.ws), us(t.now), limit}, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		due = append(due, id)
		return err
	})
	return due, err
}

func (t *Tx) dropCrawl(source desk.ID) error {
	_, e1 := t.exec(sqlDropCrawl, int64(t.ws), int64(source))
	_, e2 := t.exec(sqlDropPages, int64(t.ws), int64(source))
	return errors.Join(e1, e2)
}

func (r *Rx) scanCrawl(s scanner) (c Crawl, err error) {
	var robots []byte
	var started, finished, next int64
	err = s.Scan(&c.Source, &c.Schedule, &c.Limit, &c.Round, &c.Running, &robots, &c.RobotsRound, &c.RobotsTries, &c.Strikes,
		&c.Found, &c.Done, &c.Failed, &c.Changed, &c.Limited, &started, &finished, &next)
	if err != nil {
		return c, err
	}
	c.StartedAt, c.FinishedAt, c.NextAt = at(started), at(finished), at(next)
	c.Robots, err = r.open("source_crawl", "robots", c.Source, robots)
	return c, err
}

// Known is what a source's pages are compared with before one is added.
type Known struct {
	URLs  map[string]bool // keyed hashes of addresses
	Paths map[string]int  // the same without their queries, and how many there are
	Pages int             // without sitemaps, and without those that may not be read
	Shut  int             // by robots.txt
	Maps  int
	last  int
}

// KnownPages gives what there is of a source.
func (r *Rx) KnownPages(source desk.ID) (k Known, err error) {
	k = Known{URLs: map[string]bool{}, Paths: map[string]int{}}
	err = r.each(sqlKnownPages, []any{int64(r.ws), int64(source)}, func(s scanner) error {
		var url, path []byte
		var p Page
		if err := s.Scan(&url, &path, &p.No, &p.Map, &p.Reason); err != nil {
			return err
		}
		k.add(string(url), string(path), p)
		return nil
	})
	return k, err
}

func (k *Known) add(url, path string, p Page) {
	k.URLs[url] = true
	k.Paths[path]++
	k.last = max(k.last, p.No)
	switch {
	case p.Map:
		k.Maps++
	case p.Reason == PageShut:
		k.Shut++
	default:
		k.Pages++
	}
}

// PageShut is the reason of a page that robots.txt asks not to read.
const PageShut = "robots"

// AddPage adds a page that nobody looked at yet, or one of Reason PageShut, which
// nobody will, unless k has it already or has
// as many variants of its path as variants allows. path is its address without
// the query.
func (t *Tx) AddPage(k *Known, p Page, path string, variants int) (added bool, err error) {
	url, e1 := t.db.vault.Hash(t.ctx, int64(t.ws), "page address", p.URL)
	base, e2 := t.db.vault.Hash(t.ctx, int64(t.ws), "page path", path)
	if err := errors.Join(e1, e2); err != nil || k.URLs[string(url)] || k.Paths[string(base)] >= variants {
		return false, err
	}
	p.ID, p.No, p.State = t.NewID(), k.last+1, PageWaiting
	if p.Reason == PageShut {
		p.State = PageSkipped
	}
	row, err := t.pageRow(p)
	if err != nil {
		return false, err
	}
	sealed, err := t.seal(t.workspaceKey(), "source_page", "url", p.ID, []byte(p.URL))
	if err != nil {
		return false, err
	}
	args := append([]any{int64(t.ws), int64(p.ID), int64(p.Source), p.No, p.Map, sealed}, row...)
	if _, err := t.exec(sqlInsertPage, append(args, url, base)...); err != nil {
		return false, err
	}
	k.add(string(url), string(base), p)
	return true, nil
}

func (t *Tx) pageRow(p Page) ([]any, error) {
	facts, err := t.seal(t.workspaceKey(), "source_page", "facts", p.ID, toJSON(p.PageFacts))
	return []any{p.Depth, p.Round, p.Tries, string(p.State), p.Reason, p.Status, p.Hash, facts, p.Passages, p.Misses,
		us(p.FetchedAt), us(p.ChangedAt)}, err
}

// UpdatePage writes what became of a page.
func (t *Tx) UpdatePage(p Page) error {
	row, err := t.pageRow(p)
	if err != nil {
		return err
	}
	return t.must("page", sqlUpdatePage, append([]any{int64(t.ws), int64(p.ID)}, row...)...)
}

// PageHash is the keyed hash of what a page says.
func (r *Rx) PageHash(said string) ([]byte, error) {
	return r.db.vault.Hash(r.ctx, int64(r.ws), "page content", said)
}

// SamePage reports whether another page of the source says the same.
func (r *Rx) SamePage(p Page, hash []byte) (bool, error) {
	var other desk.ID
	err := mayBeAbsent(r.row(sqlSamePage, int64(r.ws), int64(p.Source), hash, int64(p.ID)).Scan(&other))
	return other != 0, err
}

// Page returns a page by id.
func (r *Rx) Page(id desk.ID) (Page, error) {
	p, err := r.scanPage(r.row(sqlPage, int64(r.ws), int64(id)))
	return p, found("page", err)
}

// PageOf returns the page that a passage of a source of web pages stands on.
func (r *Rx) PageOf(p Passage) (Page, error) {
	page, err := r.scanPage(r.row(sqlPageNo, int64(r.ws), int64(p.Source), p.N/PagePassages))
	return page, found("page", err)
}

// NextPage returns the page to look at next in a round; desk.NotFound when there
// is none left.
func (r *Rx) NextPage(source desk.ID, round int64) (Page, error) {
	p, err := r.scanPage(r.row(sqlNextPage, int64(r.ws), int64(source), round))
	return p, found("page", err)
}

// Pages lists pages with a number above after, by number; state "" = all.
func (r *Rx) Pages(source desk.ID, state PageState, after, limit int) ([]Page, error) {
	all := []Page{}
	query, args := sqlPages, []any{int64(r.ws), int64(source), after, limit}
	if state != "" {
		query, args = sqlPagesIn, append(args, string(state))
	}
	err := r.each(query, args, func(s scanner) error {
		p, err := r.scanPage(s)
		all = append(all, p)
		return err
	})
	return all, err
}

func (r *Rx) scanPage(s scanner) (p Page, err error) {
	var url, facts []byte
	var state string
	var fetched, changed int64
	err = s.Scan(&p.ID, &p.Source, &p.No, &p.Map, &url, &p.Depth, &p.Round, &p.Tries, &state, &p.Reason, &p.Status, &p.Hash, &facts,
		&p.Passages, &p.Misses, &fetched, &changed)
	if err != nil {
		return p, err
	}
	p.State, p.FetchedAt, p.ChangedAt = PageState(state), at(fetched), at(changed)
	address, e1 := r.open("source_page", "url", p.ID, url)
	about, e2 := r.open("source_page", "facts", p.ID, facts)
	if err := errors.Join(e1, e2); err != nil {
		return p, err
	}
	p.URL = string(address)
	if len(about) > 0 {
		err = json.Unmarshal(about, &p.PageFacts)
	}
	return p, err
}
