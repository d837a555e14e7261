package knowledge

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/knowledge/web"
	"parley/internal/store"
)

// step is what one item of a crawl looks at: one address.
type step struct {
	source store.Source
	crawl  store.Crawl
	page   store.Page
	url    *url.URL
	robots robots
	rules  web.Rules
	asked  bool // the rules of the page's host are known
	over   bool // no page is left
}

// crawlStep looks at one page of a source, or at the rules of its host, and asks
// for the next. It may run again at any point: what it found and the end of the
// item are one commit.
func (k *Knowledge) crawlStep(ctx context.Context, j *flow.Job) error {
	item := j.Items[0]
	st, err := k.step(ctx, item)
	switch {
	case desk.IsNotFound(err), err == nil && !st.crawl.Running: // removed while it waited
		return k.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
	case err != nil:
		return err
	case st.over || st.crawl.Strikes >= maxStrikes:
		return k.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error { return k.endRound(tx, j, st, "") })
	}
	if st.asked && !st.rules.Allows(st.url) {
		return k.note(ctx, j, st, finding{state: store.PageSkipped, reason: store.PageShut, miss: st.page.Passages > 0})
	}
	if wait := k.Web.Turn(st.url, st.rules.Delay); wait > 0 {
		return k.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error { return j.Later(tx, item, tx.Now().Add(wait)) })
	}
	if !st.asked {
		return k.askRobots(ctx, j, st)
	}
	etag, modified := "", ""
	if st.page.State == store.PageRead && st.page.Passages > 0 {
		etag, modified = st.page.ETag, st.page.Modified
	}
	got, err := k.Web.Get(ctx, st.url, etag, modified)
	if err != nil {
		return err
	}
	return k.note(ctx, j, st, judge(st, got))
}

// step reads what is to be done.
func (k *Knowledge) step(ctx context.Context, item flow.Item) (st step, err error) {
	err = k.DB.In(item.Workspace).Read(ctx, func(r *store.Rx) (err error) {
		st = step{}
		if st.source, err = r.Source(item.Object); err != nil {
			return err
		}
		if st.crawl, err = r.Crawl(item.Object); err != nil {
			return err
		}
		st.page, err = r.NextPage(item.Object, st.crawl.Round)
		if st.over = desk.IsNotFound(err); st.over {
			return nil
		}
		return err
	})
	if err != nil || st.over {
		return st, err
	}
	if st.url, err = url.Parse(st.page.URL); err != nil {
		return st, err
	}
	st.robots = readRobots(st.crawl)
	said, asked := st.robots[origin(st.url)]
	st.asked = asked || len(st.robots) >= maxOrigins
	st.rules = web.Robots([]byte(said))
	return st, nil
}

// robotHops is how many redirects of a robots.txt are followed.
const robotHops = 5

// askRobots reads the rules of a host. A host that does not answer is asked again
// and then left alone: nobody knows what it would have said.
func (k *Knowledge) askRobots(ctx context.Context, j *flow.Job, st step) error {
	at := &url.URL{Scheme: st.url.Scheme, Host: st.url.Host, Path: "/robots.txt"}
	var got web.Got
	for range robotHops {
		var err error
		if got, err = k.Web.Get(ctx, at, "", ""); err != nil {
			return err
		}
		to, ok := web.Resolve(at, "", got.To)
		if got.Outcome != web.Moved || !ok || web.Site(to) != web.Site(at) {
			break
		}
		at = to
	}
	ws := j.Items[0].Workspace
	if got.Outcome == web.Later || got.Reason == "address_refused" {
		return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return k.robotsFailed(tx, j, st, got) })
	}
	rules := web.Rules{}
	if got.Status >= 200 && got.Status < 300 {
		rules = web.Robots(got.Body)
	}
	return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		_, err := tx.ChangeCrawl(st.source.ID, func(c *store.Crawl) (err error) {
			all := readRobots(*c)
			all[origin(st.url)] = rules.Text()
			c.Robots, err = json.Marshal(all)
			c.RobotsRound, c.RobotsTries = c.Round, 0
			return err
		})
		if err != nil {
			return err
		}
		if st.source.Kind == WebSite {
			if err := k.addMaps(tx, st, rules); err != nil {
				return err
			}
		}
		return k.goOn(tx, j, st, k.Web.Pause)
	})
}

// robotsFailed tries again later, and after the last time ends the round.
func (k *Knowledge) robotsFailed(tx *store.Tx, j *flow.Job, st step, got web.Got) error {
	c, err := tx.ChangeCrawl(st.source.ID, func(c *store.Crawl) error { c.RobotsTries++; return nil })
	if err != nil {
		return err
	}
	if c.RobotsTries < maxPageTries && got.Outcome == web.Later {
		return k.goOn(tx, j, st, max(got.Rest, 5*k.Web.Pause))
	}
	reason := "robots_unreachable"
	if got.Reason != "server_error" {
		reason = got.Reason // nobody is there at all
	}
	p, err := tx.Page(st.page.ID)
	if err != nil {
		return err
	}
	p.State, p.Reason, p.Status, p.FetchedAt, p.Round = store.PageFailed, reason, got.Status, tx.Now(), c.Round
	if err := tx.UpdatePage(p); err != nil {
		return err
	}
	return k.endRound(tx, j, st, reason)
}

// addMaps adds the sitemaps that a site names, or the one at the usual place.
func (k *Knowledge) addMaps(tx *store.Tx, st step, rules web.Rules) error {
	maps := rules.Maps
	if len(maps) == 0 {
		maps = []string{"/sitemap.xml"}
	}
	known, err := tx.KnownPages(st.source.ID)
	if err != nil {
		return err
	}
	return addMaps(tx, &known, st, maps)
}

func addMaps(tx *store.Tx, known *store.Known, st step, maps []string) error {
	for _, m := range maps {
		u, ok := web.Resolve(st.url, "", m)
		if !ok || known.Maps >= maxSiteMaps {
			continue
		}
		if _, err := tx.AddPage(known, store.Page{Source: st.source.ID, Map: true, URL: u.String()}, web.Path(u), maxVariants); err != nil {
			return err
		}
	}
	return nil
}

// goOn ends the item and asks for the next one.
func (k *Knowledge) goOn(tx *store.Tx, j *flow.Job, st step, wait time.Duration) error {
	if err := j.Finish(tx); err != nil {
		return err
	}
	return k.Flow.Add(tx, flow.Item{Kind: CrawlWork, Key: st.source.ID, Object: st.source.ID}, flow.After(wait))
}

// endRound ends a reading. Where nothing was ever read, the source failed, for
// the reason given or that of its first page.
func (k *Knowledge) endRound(tx *store.Tx, j *flow.Job, st step, reason string) error {
	if _, err := tx.Source(st.source.ID); desk.IsNotFound(err) {
		return j.Finish(tx)
	}
	c, err := tx.ChangeCrawl(st.source.ID, func(c *store.Crawl) error {
		c.Running, c.FinishedAt, c.NextAt = false, tx.Now(), next(c)
		return k.counted(tx, c)
	})
	if err != nil {
		return err
	}
	if reason == "" && c.Strikes >= maxStrikes {
		reason = "unreachable"
	}
	if first, err := tx.Pages(st.source.ID, "", 0, 1); err != nil {
		return err
	} else if reason == "" && len(first) > 0 {
		reason = first[0].Reason
	}
	_, err = tx.ChangeSource(st.source.ID, fold, func(s *store.Source) error {
		s.State, s.Reason = store.SourceReady, ""
		if s.Passages == 0 {
			s.State, s.Reason = store.SourceFailed, reason
			if reason == "" {
				s.Reason = "no_text"
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: st.source.ID}); err != nil {
		return err
	}
	return j.Finish(tx)
}

// counted writes how far a round is.
func (k *Knowledge) counted(tx *store.Tx, c *store.Crawl) (err error) {
	c.Found, c.Done, c.Failed, _, err = tx.CountPages(c.Source, c.Round)
	return err
}
