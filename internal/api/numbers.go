package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/report"
)

// Numbers are what became of what the AI said, with the period before beside it.
type Numbers struct {
	Days      int      `json:"days"`
	From      stamp    `json:"from"`
	To        stamp    `json:"to" doc:"End of today"`
	CountedAt moment   `json:"counted_at" doc:"null: nothing was counted yet"`
	Limited   bool     `json:"limited" doc:"Limited data use: nothing is counted"`
	Figures   []Figure `json:"figures" nullable:"false"`
	Reasons   []Figure `json:"reasons" nullable:"false" doc:"Why people were called: parts of handed_over"`
	Channels  []Share  `json:"channels" nullable:"false"`
	Languages []Share  `json:"languages" nullable:"false"`
	Topics    []Share  `json:"topics" nullable:"false" doc:"An engagement with two topics counts in both"`
}

// Figure is one count with what it means.
type Figure struct {
	Name   string  `json:"name"`
	Title  string  `json:"title"`
	Means  string  `json:"means" doc:"What exactly is counted"`
	Unit   string  `json:"unit" enum:"count,cents,tokens"`
	Now    float64 `json:"now"`
	Before float64 `json:"before" doc:"In as many days before"`
}

// Share is the figures of one channel, language or topic, in this period.
type Share struct {
	Name    string             `json:"name" doc:"unknown where it was not noted, none for no topic"`
	Figures map[string]float64 `json:"figures" doc:"By the names of figures; one that is left out is 0"`
}

// Confidence is how sure answers were and what became of them.
type Confidence struct {
	Days      int      `json:"days"`
	From      stamp    `json:"from"`
	To        stamp    `json:"to"`
	CountedAt moment   `json:"counted_at" doc:"null: nothing was counted yet"`
	Limited   bool     `json:"limited" doc:"Limited data use: nothing is counted"`
	Wrong     string   `json:"wrong_means" doc:"What counts as wrong"`
	Buckets   []Bucket `json:"buckets" nullable:"false" doc:"Twenty, from 0 to 1"`
	Steps     []Step   `json:"steps" nullable:"false" doc:"For each twentieth as the limit: what would have become of the same questions, if every channel was on autopilot"`
}

// Bucket is one twentieth of confidence.
type Bucket struct {
	From      float64 `json:"from"`
	To        float64 `json:"to"`
	Sent      int64   `json:"sent"`
	Drafted   int64   `json:"drafted"`
	Called    int64   `json:"handed_over"`
	Wrong     int64   `json:"wrong" doc:"Of sent and drafted"`
	SentWrong int64   `json:"sent_wrong" doc:"Of sent"`
}

// Step is one place of the slider.
type Step struct {
	Limit   float64 `json:"limit"`
	Sent    int64   `json:"sent"`
	Drafted int64   `json:"drafted"`
	Called  int64   `json:"handed_over"`
	Wrong   int64   `json:"wrong" doc:"Of sent, as far as anybody found out"`
}

type periodInput struct {
	Days int `query:"days" minimum:"1" maximum:"180" default:"30"`
}

func numberRoutes(a *API) {
	declare(a, Route{ID: "ai-numbers", Method: http.MethodGet, Path: "/api/v1/ai/numbers", Needs: Need(desk.ReadReports), Tag: "ai",
		Summary: "What became of what the AI said: good and bad, each with its definition"}, a.aiNumbers)
	declare(a, Route{ID: "ai-confidence", Method: http.MethodGet, Path: "/api/v1/ai/confidence", Needs: Need(desk.ReadReports), Tag: "ai",
		Summary: "How sure answers were, what became of them, and what another limit would change"}, a.aiConfidence)
}

func (a *API) aiNumbers(ctx context.Context, c *call, in *periodInput) (*given[Numbers], error) {
	n, err := a.Report.Numbers(ctx, c.Workspace.ID, in.Days)
	if err != nil {
		return nil, err
	}
	out := Numbers{Days: in.Days, From: stamp(n.Now.From), To: stamp(n.Now.To), CountedAt: moment(n.Counted), Limited: n.Limited, Figures: []Figure{},
		Reasons: []Figure{}, Channels: shares(n.Now, report.Channel), Languages: shares(n.Now, report.Language), Topics: shares(n.Now, report.Topic)}
	for _, name := range report.Names() {
		shown, now := figureOf(name, n.Now.All[name])
		_, before := figureOf(name, n.Before.All[name])
		out.Figures = append(out.Figures, Figure{shown, i18n.T(c.locale, "numbers.name."+name, nil), i18n.T(c.locale, "numbers.means."+name, nil), unitOf(name), now, before})
	}
	for _, r := range n.Now.Reasons() {
		title := i18n.T(c.locale, "numbers.reason."+r.Name, nil)
		if title == "numbers.reason."+r.Name {
			title = i18n.T(c.locale, "numbers.reason.other", nil)
		}
		out.Reasons = append(out.Reasons, Figure{r.Name, title, i18n.T(c.locale, "numbers.means.reason", nil), "count",
			float64(r.Figures[report.HandedOver]), float64(n.Before.All[report.HandedOver+"."+r.Name])})
	}
	return reply(out, nil)
}

// figureOf shows money in cents.
func figureOf(name string, n int64) (string, float64) {
	if name == report.Micros {
		return "cents", float64(n) / 10_000
	}
	return name, float64(n)
}

func unitOf(name string) string {
	switch name {
	case report.Micros:
		return "cents"
	case report.TokensIn, report.TokensOut:
		return "tokens"
	}
	return "count"
}

func shares(p report.Period, part string) []Share {
	all := []Share{}
	for _, one := range p.Parts[part] {
		s := Share{Name: one.Name, Figures: map[string]float64{}}
		for name, n := range one.Figures {
			shown, value := figureOf(name, n)
			s.Figures[shown] = value
		}
		all = append(all, s)
	}
	return all
}

func (a *API) aiConfidence(ctx context.Context, c *call, in *periodInput) (*given[Confidence], error) {
	s, err := a.Report.Confidence(ctx, c.Workspace.ID, in.Days)
	out := Confidence{Days: in.Days, From: stamp(s.From), To: stamp(s.To), CountedAt: moment(s.Counted), Limited: s.Limited,
		Wrong: i18n.T(c.locale, "numbers.means."+report.Wrong, nil), Buckets: []Bucket{}, Steps: []Step{}}
	for _, b := range s.Buckets {
		out.Buckets = append(out.Buckets, Bucket(b))
	}
	for _, one := range s.Steps {
		out.Steps = append(out.Steps, Step(one))
	}
	return reply(out, err)
}
