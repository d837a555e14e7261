package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/llm"
	"parley/internal/privacy"
	"parley/internal/store"
)

// notice is the page /w/{key}/privacy: what a website chat holds of its
// visitors, said by what is in force at this moment.
type notice struct {
	sheet
	Date, Choice string
	Soon         string // that the operator's policy changes, and when; "" = it does not
	Mode         desk.Mode
	Held         []noticeHeld
	Rest         []noticeHeld // what an erasure leaves
	Vendors      []string     // who runs the models that are called; none = nobody is told anything
}

type noticeHeld struct{ What, Why, Ground, Until string }

func noticeRoutes(a *API) {
	// A fixed word in this place and one in /w/assets/{name} would exclude each other.
	a.open(Route{ID: "widget-page", Method: http.MethodGet, Path: "/w/{key}/{page}", Needs: Public, Hidden: true, Tag: "site",
		Summary: "The privacy notice of a website chat"}, a.widgetPage)
}

// widgetPage answers /w/{key}/privacy; there is no other page.
func (a *API) widgetPage(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	if r.PathValue("page") != "privacy" {
		a.fail(w, r, c, desk.Fail(desk.NotFound, "no_such_page", "there is no such page"))
		return
	}
	n := &notice{sheet: newSheet(c, r, "notice.")}
	wd, err := a.widget(r.Context(), r.PathValue("key"))
	if err == nil {
		err = a.fillNotice(r.Context(), n, c, wd)
	}
	if n.Missing = desk.IsNotFound(err); err != nil && !n.Missing {
		a.fail(w, r, c, err)
		return
	}
	a.showSheet(w, r, n.sheet, "notice.html", n)
}

// fillNotice reads the facts: the workspace, the chat's settings, and what is
// held for how long.
func (a *API) fillNotice(ctx context.Context, n *notice, c *call, w widget) error {
	var ws desk.Workspace
	var set desk.AISettings
	err := a.Store.In(w.Workspace).Read(ctx, func(r *store.Rx) (err error) {
		if ws, err = r.Settings(); err == nil {
			set, err = r.AISettings()
		}
		return err
	})
	if err != nil {
		return err
	}
	n.Date = a.Clock.Now().UTC().Format(time.DateOnly)
	n.Colour = w.set.Colour
	if n.Mode = w.Mode; n.Mode == desk.ModeInherit {
		n.Mode = ws.Mode
	}
	n.args = map[string]string{"business": ws.Name, "host": c.host}
	n.args["hours"] = n.span(time.Duration(w.set.EraseAfter) * time.Hour)
	n.args["visit"] = n.span(store.VisitTerm)
	n.args["lines"] = strconv.Itoa(set.History)
	n.Vendors = n.vendors(set)
	n.Choice = n.T("choice." + w.set.Consent)
	all, err := a.editions(ctx)
	if err != nil {
		return err
	}
	n.Soon = a.comingLine(all, n.Lang)
	for _, h := range privacy.OfVisitors() {
		one := noticeHeld{What: n.T("held." + h.Name), Why: n.T("why." + h.Name), Ground: n.T("ground." + string(h.Ground)), Until: n.until(h)}
		n.Held = append(n.Held, one)
		if h.Stays {
			n.Rest = append(n.Rest, one)
		}
	}
	return nil
}

// vendors says who receives what a visitor writes, by the settings in force.
func (n *notice) vendors(set desk.AISettings) []string {
	if !slices.ContainsFunc([]desk.AIPurpose{desk.AIReply, desk.AISuggest, desk.AIRewrite}, set.Allows) {
		return nil
	}
	var all []string
	by := []desk.Vendor{set.Provider, set.Fallback}
	if meant := set.Meant().Vendor; !slices.Contains(by, meant) {
		by = append(by, meant)
	}
	for _, v := range by {
		row, known := llm.VendorOf(string(v))
		switch {
		case known:
			key := "notice.ai.vendor"
			if row.Training {
				key = "notice.ai.vendor_trains"
			}
			all = append(all, i18n.T(n.Lang, key, map[string]string{"company": row.Company, "days": strconv.Itoa(row.RetentionDays), "region": row.Region}))
		case v == desk.Compatible:
			all = append(all, n.T("ai.own"))
		}
	}
	return all
}

func (n *notice) until(h privacy.Held) string {
	switch {
	case h.After > 0:
		return n.most(n.span(h.After))
	case h.Months > 0:
		return n.most(n.count("months", h.Months))
	case h.With != "":
		return n.T("until.chat")
	}
	return n.T("until.never")
}

func (n *notice) most(span string) string {
	return i18n.T(n.Lang, "notice.until.most", map[string]string{"span": span})
}

// span says a length of time in the words people use for it.
func (n *notice) span(d time.Duration) string {
	const day = 24 * time.Hour
	if d%day == 0 && d > 3*day {
		return n.count("days", int(d/day))
	}
	return n.count("hours", int(d/time.Hour))
}

func (n *notice) count(unit string, of int) string {
	if of == 1 {
		unit = strings.TrimSuffix(unit, "s")
	}
	return i18n.T(n.Lang, "notice.span."+unit, map[string]string{"n": strconv.Itoa(of)})
}
