package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/knowledge"
	"parley/internal/store"
)

// Suggestions is how far a model was asked for questions that lead to passages,
// and where its questions wait for somebody to decide.
type Suggestions struct {
	On      bool               `json:"on" doc:"The AI may suggest questions (purpose phrase)"`
	Asked   int                `json:"asked" doc:"Passages a model was asked about"`
	Of      int                `json:"of" doc:"Passages there are; rows of price lists do not count"`
	Fault   string             `json:"fault" doc:"Why no model answered the last time, such as budget, quota, busy; empty when one did"`
	NextAt  stamp              `json:"next_at" doc:"When it is tried again; left out where nothing waits for that"`
	At      stamp              `json:"at" doc:"Of the last call"`
	Waiting int                `json:"waiting" doc:"Questions to decide about"`
	Sources []SuggestionSource `json:"sources" nullable:"false"`
}

// SuggestionSource is a source with questions to decide about.
type SuggestionSource struct {
	ID    desk.ID `json:"id"`
	Name  string  `json:"name"`
	Count int     `json:"count"`
}

// Suggested is a passage with the questions that wait.
type Suggested struct {
	PassageID desk.ID    `json:"passage_id"`
	Title     string     `json:"title"`
	Text      string     `json:"text"`
	Language  string     `json:"language"`
	Questions []Phrasing `json:"questions" nullable:"false"`
}

// Decided is how many questions a decision was about.
type Decided struct {
	Count int64 `json:"count"`
}

type suggestedIn struct {
	ByID
	Paging
}

const suggestedOrder = "suggested"

func suggestRoutes(a *API) {
	of := "/api/v1/knowledge/sources/{id}/suggestions"
	read, write := Need(desk.ReadKnowledge), Need(desk.WriteKnowledge)
	declare(a, Route{ID: "get-suggestions", Method: http.MethodGet, Path: "/api/v1/knowledge/suggestions", Needs: read, Tag: "knowledge",
		Summary: "Questions a model suggests as ways to ask: how far it is, and where some wait"}, a.getSuggestions)
	declare(a, Route{ID: "list-suggestions", Method: http.MethodGet, Path: of, Needs: read, Tag: "knowledge",
		Summary: "The passages of a source with the questions that wait; none of them counts before somebody approves it"}, a.listSuggestions)
	for _, approve := range []bool{true, false} {
		id, path, summary := "decline-suggestions", of+"/decline", "Decline every question that waits at a source; none is suggested again"
		if approve {
			id, path, summary = "approve-suggestions", of+"/approve", "Make every question that waits at a source count"
		}
		declare(a, Route{ID: id, Method: http.MethodPost, Path: path, Needs: write, Tag: "knowledge", Summary: summary},
			func(ctx context.Context, c *call, in *ByID) (*given[Decided], error) {
				n, err := a.Knowledge.DecideSuggestions(ctx, c.Workspace.ID, in.id(), approve, c.Actor)
				return reply(Decided{n}, err)
			})
	}
	declare(a, Route{ID: "list-knowledge-logs", Method: http.MethodGet, Path: "/api/v1/knowledge/ai/logs", Needs: Need(desk.WriteWorkspace), Tag: "ai",
		Summary: "What went to a model about the knowledge and came back, newest first; kept for 30 days at most, and looking is recorded"},
		func(ctx context.Context, c *call, _ *struct{}) (*given[Page[AILog]], error) {
			return a.showAILogs(ctx, c, 0)
		})
}

func (a *API) getSuggestions(ctx context.Context, c *call, _ *struct{}) (*given[Suggestions], error) {
	s, err := a.Knowledge.Suggesting(ctx, c.Workspace.ID)
	return reply(suggestionsOf(s), err)
}

func suggestionsOf(s knowledge.Suggesting) Suggestions {
	out := Suggestions{On: s.On, Asked: s.Asked, Of: s.Of, Fault: s.Fault, NextAt: stamp(s.Next), At: stamp(s.At), Sources: []SuggestionSource{}}
	for _, w := range s.Waiting {
		out.Waiting += w.Count
		out.Sources = append(out.Sources, SuggestionSource{w.Source.ID, w.Source.Name, w.Count})
	}
	return out
}

func (a *API) listSuggestions(ctx context.Context, c *call, in *suggestedIn) (*given[Page[Suggested]], error) {
	after, err := in.after(suggestedOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Knowledge.Suggested(ctx, c.Workspace.ID, in.id())
	rest := rows[:0]
	for _, s := range rows {
		if int64(s.N) > int64(after) || in.Cursor == "" {
			rest = append(rest, s)
		}
	}
	return reply(page(rest, in.Limit, suggestedOf, func(s store.Suggested) string { return cursor.Make(suggestedOrder, int64(s.N)) }), err)
}

func suggestedOf(s store.Suggested) Suggested {
	out := Suggested{PassageID: s.ID, Title: s.Heading, Text: s.Text, Language: s.Language, Questions: []Phrasing{}}
	if s.Question != "" {
		out.Title = s.Question
	}
	for _, p := range s.Waiting {
		out.Questions = append(out.Questions, phrasingOf(p))
	}
	return out
}
