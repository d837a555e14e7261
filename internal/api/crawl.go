package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/knowledge"
	"parley/internal/store"
)

// Crawl is how a page or a site is read, and how far its reading is.
type Crawl struct {
	Schedule   string `json:"schedule" enum:"off,daily,weekly"`
	Limit      int    `json:"limit" doc:"Pages it may have"`
	Round      int64  `json:"round" doc:"Number of the reading"`
	Running    bool   `json:"running"`
	Found      int    `json:"found" doc:"Pages known"`
	Done       int    `json:"done" doc:"Of those, looked at in this round"`
	Failed     int    `json:"failed" doc:"Of those, failed"`
	Changed    int    `json:"changed" doc:"Of those, with another content than before"`
	Limited    bool   `json:"limited" doc:"There are more pages than it may have"`
	StartedAt  moment `json:"started_at"`
	FinishedAt moment `json:"finished_at" doc:"The end of the last reading: how old the knowledge is"`
	NextAt     moment `json:"next_at"`
	Stale      bool   `json:"stale" doc:"Older than two rounds of its schedule, or than 30 days without one"`
}

func crawlOf(c store.Crawl, now time.Time) *Crawl {
	return &Crawl{Schedule: c.Schedule, Limit: c.Limit, Round: c.Round, Running: c.Running, Found: c.Found, Done: c.Done, Failed: c.Failed, Changed: c.Changed,
		Limited: c.Limited, StartedAt: moment(c.StartedAt), FinishedAt: moment(c.FinishedAt), NextAt: moment(c.NextAt), Stale: knowledge.Stale(c, now)}
}

// SourcePage is one page of a site, with what became of it.
type SourcePage struct {
	ID        desk.ID `json:"id"`
	N         int     `json:"n" doc:"Its number in the source"`
	URL       string  `json:"url"`
	Title     string  `json:"title"`
	Sitemap   bool    `json:"sitemap" doc:"Names pages and is none itself"`
	State     string  `json:"state" enum:"waiting,read,skipped,failed,missing"`
	Reason    string  `json:"reason" enum:",robots,redirect,redirect_outside,not_found,refused_by_site,address_refused,server_error,too_slow,unreachable,robots_unreachable,too_large,wrong_type,sitemap,no_sitemap,empty,damaged,noindex,canonical,duplicate,no_text,source_full" doc:"Why it was not read"`
	Status    int     `json:"status" doc:"HTTP status of the answer; 0 for none"`
	Depth     int     `json:"depth" doc:"Links from the first page"`
	Passages  int     `json:"passages"`
	FetchedAt moment  `json:"fetched_at"`
	ChangedAt moment  `json:"changed_at" doc:"When what it says last changed"`
}

func sourcePageOf(p store.Page) SourcePage {
	return SourcePage{ID: p.ID, N: p.No, URL: p.URL, Title: p.Title, Sitemap: p.Map, State: string(p.State), Reason: p.Reason, Status: p.Status, Depth: p.Depth,
		Passages: p.Passages, FetchedAt: moment(p.FetchedAt), ChangedAt: moment(p.ChangedAt)}
}

// shownSources are sources as they are shown, those of web pages with how far
// their reading is.
func (a *API) shownSources(ctx context.Context, c *call, rows ...store.Source) ([]Source, error) {
	crawls, err := a.Knowledge.Crawls(ctx, c.Workspace.ID, rows...)
	if err != nil {
		return make([]Source, len(rows)), err
	}
	held, err := a.Knowledge.Held(ctx, c.Workspace.ID)
	out := make([]Source, len(rows))
	for i, s := range rows {
		waiting := held[s.ID]
		out[i] = sourceOf(s)
		out[i].Held = &waiting
		if crawl, ok := crawls[s.ID]; ok {
			out[i].Crawl = crawlOf(crawl, a.Clock.Now())
		}
	}
	return out, err
}

// shownSource is shownSources of one, for what may have failed already.
func (a *API) shownSource(ctx context.Context, c *call, s store.Source, err error) (*given[Source], error) {
	if err != nil {
		return nil, pointing(err, sourceFields())
	}
	all, err := a.shownSources(ctx, c, s)
	return reply(all[0], err)
}

func (a *API) addSite(ctx context.Context, c *call, s NewSource) (store.Source, error) {
	return a.Knowledge.AddSite(ctx, c.Workspace.ID, knowledge.Source{Name: s.Name, Language: s.Language, By: c.Actor},
		knowledge.Site{Kind: s.Kind, URL: s.URL, Schedule: s.Schedule, Limit: s.Limit})
}

type sourcePageList struct {
	ByID
	Paging
	State string `query:"state" enum:"waiting,read,skipped,failed,missing" doc:"Only pages of this state"`
}

const sourcePageOrder = "source pages"

func crawlRoutes(a *API) {
	path := "/api/v1/knowledge/sources/{id}"
	declare(a, Route{ID: "list-source-pages", Method: http.MethodGet, Path: path + "/pages", Needs: Need(desk.ReadKnowledge),
		Tag: "knowledge", Summary: "The pages of a site, each with what became of it"}, a.listSourcePages)
	declare(a, Route{ID: "refresh-source", Method: http.MethodPost, Path: path + "/refresh", Needs: Need(desk.WriteKnowledge), Status: http.StatusAccepted,
		Tag: "knowledge", Summary: "Read a page or a site again; what did not change stays as it is"},
		func(ctx context.Context, c *call, in *ByID) (*given[Source], error) {
			s, err := a.Knowledge.Refresh(ctx, c.Workspace.ID, in.id(), c.Actor)
			return a.shownSource(ctx, c, s, err)
		})
}

func (a *API) listSourcePages(ctx context.Context, c *call, in *sourcePageList) (*given[Page[SourcePage]], error) {
	after, err := in.after(sourcePageOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Knowledge.Pages(ctx, c.Workspace.ID, in.id(), knowledge.PageList{State: store.PageState(in.State), After: int(after), Limit: in.Limit + 1})
	return reply(page(rows, in.Limit, sourcePageOf, func(p store.Page) string { return cursor.Make(sourcePageOrder, int64(p.No)) }), err)
}
