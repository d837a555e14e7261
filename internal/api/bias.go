package api

import (
	"context"
	"net/http"

	engine "parley/internal/answer"
	"parley/internal/desk"
	"parley/internal/store"
)

// Bias says whether it matters who asks.
type Bias struct {
	Limit  float64     `json:"limit" doc:"Share of groups that may be answered in different ways before the alarm rings"`
	Latest opt[Probe]  `json:"latest" doc:"null: there was no probe yet"`
	Trend  []Probe     `json:"trend" nullable:"false" doc:"Newest first, without the groups"`
	Groups []BiasGroup `json:"groups" nullable:"false" doc:"Of the latest: which were answered in different ways"`
}

// Probe is one look at it.
type Probe struct {
	At       stamp   `json:"at"`
	Pairs    int     `json:"pairs" doc:"Groups of questions that differ in who asks"`
	Differ   int     `json:"differ" doc:"Of those, answered in different ways"`
	Score    float64 `json:"score" doc:"The share"`
	Alarm    bool    `json:"alarm"`
	Models   bool    `json:"models" doc:"false: only answers that quote the knowledge were compared"`
	Settings int64   `json:"settings_version"`
}

// BiasGroup is a question as different people asked it.
type BiasGroup struct {
	Vary    string    `json:"vary" enum:"name,gender,language,own"`
	Differs []string  `json:"differs" nullable:"false" doc:"outcome, passages, text"`
	Asked   []BiasAsk `json:"asked" nullable:"false"`
}

// BiasAsk is one of them with its answer.
type BiasAsk struct {
	Question string `json:"question"`
	Answer   Tried  `json:"answer"`
}

// trendShown is how many probes a trend shows.
const trendShown = 90

func biasRoutes(a *API) {
	declare(a, Route{ID: "ai-bias", Method: http.MethodGet, Path: "/api/v1/ai/bias", Needs: Need(desk.ReadReports), Tag: "ai",
		Summary: "Whether people who ask the same are answered alike: the latest probe and the trend"}, a.aiBias)
	declare(a, Route{ID: "probe-bias", Method: http.MethodPost, Path: "/api/v1/ai/bias/probes", Needs: Need(desk.WriteWorkspace), Status: http.StatusAccepted, Tag: "ai",
		Summary: "Probe now instead of at night"},
		func(ctx context.Context, c *call, _ *struct{}) (*nothing, error) {
			return nil, a.Lab.BeginProbe(ctx, c.Workspace.ID)
		})
}

func (a *API) aiBias(ctx context.Context, c *call, _ *struct{}) (*given[Bias], error) {
	var all []store.BiasProbe
	err := c.ws.Read(ctx, func(r *store.Rx) (err error) { all, err = r.Probes(trendShown); return err })
	out := Bias{Limit: engine.BiasLimit, Trend: []Probe{}, Groups: []BiasGroup{}}
	for i, p := range all {
		shown := Probe{stamp(p.At), p.Pairs, p.Differ, float64(p.Differ) / float64(max(p.Pairs, 1)), p.Alarm, p.Models, p.Settings}
		out.Trend = append(out.Trend, shown)
		if i > 0 {
			continue
		}
		out.Latest = some(shown)
		for _, g := range p.Groups {
			one := BiasGroup{Vary: g.Vary, Differs: orEmpty(g.Differs), Asked: []BiasAsk{}}
			for j, q := range g.Asked {
				one.Asked = append(one.Asked, BiasAsk{q, shownTried(g.Tried[j])})
			}
			out.Groups = append(out.Groups, one)
		}
	}
	return reply(out, err)
}
