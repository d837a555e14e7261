package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
)

// AIMeaning is whose vectors the search by meaning uses.
type AIMeaning struct {
	Vendor     string `json:"vendor" enum:",openai,compatible" doc:"Who speaks the Embeddings API; empty: nobody is chosen"`
	URL        string `json:"url" maxLength:"500" doc:"One of the addresses that the operator named; empty: the install's, or the vendor's own"`
	Model      string `json:"model" maxLength:"200"`
	Dimensions int    `json:"dimensions" minimum:"0" maximum:"4096" doc:"Of a vector; 0 = the model's own"`
}

// Nearness says that a passage was found by its meaning.
type Nearness struct {
	Place    int     `json:"place" doc:"In the order by meaning, from 1"`
	Likeness float64 `json:"likeness" doc:"Cosine, -1 to 1; comparable within one model only"`
}

func nearnessOf(n desk.Nearness) *Nearness {
	if n.Place == 0 {
		return nil
	}
	return &Nearness{n.Place, n.Likeness}
}

// MeaningState is how far the vectors of the passages are.
type MeaningState struct {
	On       bool          `json:"on"`
	Passages int64         `json:"passages" doc:"That may be found"`
	Made     int64         `json:"made" doc:"Of them with a vector"`
	Refused  int64         `json:"refused" doc:"Whose words the vendor does not take; they are found by their words"`
	Fault    *MeaningFault `json:"fault,omitempty" doc:"Absent while all is well"`
}

// MeaningFault is why no vectors could be made.
type MeaningFault struct {
	Reason string `json:"reason" doc:"key, quota, busy, timeout, refused, bad_request, too_long, broken, network, server, no_dpa, keeps_long, not_allowed, budget or another machine word"`
	Words  string `json:"words" doc:"The vendor's own"`
	Tries  int    `json:"tries"`
	At     stamp  `json:"at"`
	Next   stamp  `json:"next_at" doc:"When it is tried again"`
}

func meaningRoutes(a *API) {
	path := "/api/v1/ai/meaning"
	declare(a, Route{ID: "get-ai-meaning", Method: http.MethodGet, Path: path, Needs: Need(desk.ReadKnowledge), Tag: "ai",
		Summary: "How far the vectors of the passages are, and what went wrong"}, a.meaningState)
	declare(a, Route{ID: "retry-ai-meaning", Method: http.MethodPost, Path: path + "/retry", Needs: Need(desk.WriteWorkspace), Limit: limitAsk, Tag: "ai",
		Summary: "Make the vectors that are missing now, whatever failed before"},
		func(ctx context.Context, c *call, _ *nothing) (*given[MeaningState], error) {
			if err := a.Knowledge.RetryMeaning(ctx, c.Workspace.ID); err != nil {
				return nil, err
			}
			return a.meaningState(ctx, c, nil)
		})
}

func (a *API) meaningState(ctx context.Context, c *call, _ *nothing) (*given[MeaningState], error) {
	s, err := a.Knowledge.MeaningState(ctx, c.Workspace.ID)
	out := MeaningState{On: s.On, Passages: s.Passages, Made: s.Made, Refused: s.Refused}
	if s.Fault != "" {
		out.Fault = &MeaningFault{s.Fault, s.Words, s.Tries, stamp(s.FaultAt), stamp(s.NextAt)}
	}
	return reply(out, err)
}
