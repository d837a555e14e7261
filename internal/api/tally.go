package api

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/store"
	"parley/internal/vault"
)

// tallyTime bounds what one scrape may ask of the database.
const tallyTime = 5 * time.Second

// tallies are the figures of the whole install that its rows hold, read when
// somebody scrapes: kinds, vendors and states, never a workspace or a person.
type tallies struct {
	api                                  *API
	due, oldest, stopped, mailed, failed *prometheus.Desc
	calls, faults, tokens, cost, keyAge  *prometheus.Desc
}

func newTallies(a *API) *tallies {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return &tallies{
		api:     a,
		due:     desc("parley_work_due", "Lanes of work that are due and not done, under way or not; a ~ ends the kind of items that failed and were put aside.", "kind"),
		oldest:  desc("parley_work_oldest_seconds", "How long the oldest lane of due work has waited.", "kind"),
		stopped: desc("parley_work_dead", "Lanes that stopped because their first item failed too often: a person resumes or discards it.", "kind"),
		mailed:  desc("parley_letters", "Letters to members that are kept, by how far they came.", "state"),
		calls:   desc("parley_ai_calls_total", "Calls to a vendor of models, as far as their days are kept.", "vendor"),
		faults:  desc("parley_ai_calls_failed_total", "Those of them that brought nothing.", "vendor"),
		tokens:  desc("parley_ai_tokens_total", "Tokens that a vendor counted.", "vendor", "direction"),
		cost:    desc("parley_ai_cost_dollars_total", "What they cost by the prices that are known.", "vendor"),
		keyAge:  desc("parley_key_age_seconds", "Age of the oldest key of a kind.", "kind"),
		failed:  desc("parley_tallies_failed", "1 when the database did not answer this scrape, so that the figures of its rows are missing."),
	}
}

// Describe implements prometheus.Collector.
func (y *tallies) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{y.due, y.oldest, y.stopped, y.mailed, y.calls, y.faults, y.tokens, y.cost, y.keyAge, y.failed} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (y *tallies) Collect(to chan<- prometheus.Metric) {
	ctx, done := context.WithTimeout(context.Background(), tallyTime)
	defer done()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	count := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, labels...)
	}
	var rows tallied
	err := y.api.Store.In(0).Read(ctx, rows.read)
	var keys []vault.Aged
	if err == nil {
		keys, err = y.api.Store.Vault().Register(ctx)
	}
	if err != nil {
		gauge(y.failed, 1)
		return
	}
	gauge(y.failed, 0)
	now := y.api.Clock.Now()
	for _, b := range rows.due {
		gauge(y.due, float64(b.Lanes), b.Kind)
		gauge(y.oldest, max(0, now.Sub(b.Oldest).Seconds()), b.Kind)
	}
	for kind, n := range rows.stopped {
		gauge(y.stopped, float64(n), kind)
	}
	for state, n := range rows.mailed {
		gauge(y.mailed, float64(n), state)
	}
	for _, s := range rows.spent {
		count(y.calls, float64(s.Calls), s.Vendor)
		count(y.faults, float64(s.Failed), s.Vendor)
		count(y.tokens, float64(s.TokensIn), s.Vendor, "in")
		count(y.tokens, float64(s.TokensOut), s.Vendor, "out")
		count(y.cost, float64(s.Micros)/1e6, s.Vendor)
	}
	for _, k := range keys {
		if !k.Oldest.IsZero() {
			gauge(y.keyAge, now.Sub(k.Oldest).Seconds(), string(k.Kind))
		}
	}
}

// tallied is what one look at the rows brings.
type tallied struct {
	due             []store.Backlog
	stopped, mailed map[string]int
	spent           []store.VendorSpend
}

func (y *tallied) read(r *store.Rx) (err error) {
	if y.due, err = r.Backlogs(); err != nil {
		return err
	}
	if y.stopped, err = r.Stopped(); err != nil {
		return err
	}
	if y.mailed, err = r.Mailed(); err != nil {
		return err
	}
	y.spent, err = r.SpendByVendor()
	return err
}
