package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/kit/i18n"
	"parley/internal/knowledge"
	"parley/internal/store"
)

// Finding is something in the knowledge that a person should look at.
type Finding struct {
	ID        desk.ID          `json:"id"`
	Kind      string           `json:"kind" enum:"contradiction,expired,stale,unused,quarantined" doc:"contradiction: two sources give different numbers for one thing; expired: an end has passed; stale: prices or hours in a source that has not changed for 180 days; unused: no answer looked at it for 90 days; quarantined: waits for review"`
	Passages  []FindingPassage `json:"passages" nullable:"false" doc:"At most 50, as they read now"`
	Sources   []FindingSource  `json:"sources" nullable:"false"`
	Date      opt[stamp]       `json:"date" doc:"Of expired: the end; of stale: the last change"`
	Dismissed *Dismissal       `json:"dismissed" doc:"null: nobody said that it is all right"`
	FoundAt   stamp            `json:"found_at"`
}

// FindingPassage is a passage with the sentence that it is about.
type FindingPassage struct {
	PassageID   desk.ID `json:"passage_id"`
	SourceID    desk.ID `json:"source_id"`
	Said        string  `json:"said" doc:"Empty where it is about the whole passage"`
	Heading     string  `json:"heading"`
	Question    string  `json:"question"`
	Text        string  `json:"text" doc:"Empty for one that is gone"`
	Hidden      bool    `json:"hidden"`
	Suspicion   string  `json:"suspicion" enum:",instructions,role,prompt" doc:"Why it was held back"`
	Quarantined bool    `json:"quarantined"`
}

// FindingSource is a source that a finding is about.
type FindingSource struct {
	ID   desk.ID `json:"id"`
	Name string  `json:"name" doc:"Empty for one that is gone"`
}

// Dismissal says who found something all right, and when.
type Dismissal struct {
	By *ActorRef `json:"by" doc:"null where it was not kept"`
	At stamp     `json:"at"`
}

// KnowledgeHealth counts what of the knowledge is well and what waits for a
// person.
type KnowledgeHealth struct {
	Ready     int           `json:"ready" doc:"Sources the AI answers from"`
	Reading   int           `json:"reading" doc:"Sources that are queued or being read"`
	Failed    int           `json:"failed" doc:"Sources that could not be read"`
	Stale     int           `json:"stale" doc:"Web pages and sites that were not read for too long"`
	Passages  int           `json:"passages"`
	Held      int           `json:"held" doc:"Passages that wait for review"`
	Gaps      int           `json:"gaps" doc:"Open ones"`
	Findings  FindingCounts `json:"findings" doc:"Open ones"`
	Alarms    int           `json:"alarms" doc:"Tests of the AI that fail, and 1 more while the last probe says that it matters who asks"`
	Languages []string      `json:"languages" nullable:"false" doc:"Of the passages"`
}

// FindingCounts counts findings by kind.
type FindingCounts struct {
	Contradiction int `json:"contradiction"`
	Expired       int `json:"expired"`
	Stale         int `json:"stale"`
	Unused        int `json:"unused"`
	Quarantined   int `json:"quarantined"`
}

type findingsIn struct {
	Paging
	Dismissed bool `query:"dismissed"`
}

const findingOrder = "findings"

type correctionBody struct {
	Body struct {
		Answer    string  `json:"answer" minLength:"1" maxLength:"4000"`
		PassageID desk.ID `json:"passage_id,omitempty" doc:"Whose words were wrong; left out: a question with its answer is written"`
		Question  string  `json:"question,omitempty" maxLength:"500" doc:"Personal data in it is taken out"`
		SourceID  desk.ID `json:"source_id,omitempty" doc:"Of kind faq; left out: the source Corrections"`
	}
}

// findingRoutes: what the knowledge doctor says.
func findingRoutes(a *API) {
	path := "/api/v1/knowledge/findings"
	declare(a, Route{ID: "list-findings", Method: http.MethodGet, Path: path, Needs: Need(desk.ReadKnowledge), Tag: "knowledge",
		Summary: "What in the knowledge contradicts itself, has expired, is old, unused or held back"}, a.listFindings)
	declare(a, Route{ID: "dismiss-finding", Method: http.MethodPost, Path: path + "/{id}/dismiss", Needs: Need(desk.WriteKnowledge),
		Status: http.StatusNoContent, Tag: "knowledge", Summary: "Say that what was found is all right"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Knowledge.DismissFinding(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
	declare(a, Route{ID: "recall-finding", Method: http.MethodPost, Path: path + "/{id}/recall", Needs: Need(desk.WriteKnowledge),
		Status: http.StatusNoContent, Tag: "knowledge", Summary: "Take a dismissal back"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Knowledge.RecallFinding(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
	declare(a, Route{ID: "knowledge-health", Method: http.MethodGet, Path: "/api/v1/knowledge/health", Needs: Need(desk.ReadKnowledge), Tag: "knowledge",
		Summary: "What of the knowledge is well, and what waits for a person"}, a.knowledgeHealth)
	declare(a, Route{ID: "correct-answer", Method: http.MethodPost, Path: "/api/v1/knowledge/corrections", Needs: Need(desk.WriteKnowledge), Tag: "knowledge",
		Summary: "Put an answer right where it came from, or write a question with its answer"}, a.correctAnswer)
}

func (a *API) correctAnswer(ctx context.Context, c *call, in *correctionBody) (*given[Added], error) {
	b := in.Body
	s, err := a.Knowledge.Correct(ctx, c.Workspace.ID, knowledge.Correction{Passage: b.PassageID, Question: b.Question, Answer: b.Answer, Source: b.SourceID,
		Name: i18n.T(c.Workspace.Locale, "knowledge.corrections", nil), By: c.Actor})
	return reply(Added{s.ID, string(s.State)}, pointing(err, map[string]string{"pair_incomplete": "question", "pair_too_long": "question",
		"empty": "answer", "passage_too_long": "answer", "wrong_kind": "source_id", "too_large": "source_id", "source_name_taken": "source_id"}))
}

func (a *API) knowledgeHealth(ctx context.Context, c *call, _ *struct{}) (*given[KnowledgeHealth], error) {
	h, err := a.Knowledge.Health(ctx, c.Workspace.ID)
	out := KnowledgeHealth{Ready: h.Sources[store.SourceReady], Reading: h.Sources[store.SourceQueued] + h.Sources[store.SourceReading],
		Failed: h.Sources[store.SourceFailed], Stale: h.Old, Passages: h.Passages, Gaps: h.Gaps, Languages: orEmpty(h.Languages),
		Findings: FindingCounts{h.Findings[knowledge.FoundClash], h.Findings[knowledge.FoundExpired], h.Findings[knowledge.FoundStale],
			h.Findings[knowledge.FoundUnused], h.Findings[knowledge.FoundHeld]}, Alarms: h.Alarms}
	for _, n := range h.Held {
		out.Held += n
	}
	return reply(out, err)
}

func (a *API) listFindings(ctx context.Context, c *call, in *findingsIn) (*given[Page[Finding]], error) {
	before, err := in.after(findingOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Knowledge.Findings(ctx, c.Workspace.ID, in.Dismissed, knowledge.FindingPage{Before: before, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	told, err := a.Knowledge.Tell(ctx, c.Workspace.ID, rows)
	return reply(page(told, in.Limit, findingOf, func(f knowledge.Told) string { return cursor.Make(findingOrder, int64(f.ID)) }), err)
}

func findingOf(f knowledge.Told) Finding {
	out := Finding{ID: f.ID, Kind: f.Kind, Passages: []FindingPassage{}, Sources: []FindingSource{}, FoundAt: stamp(f.FoundAt)}
	for _, p := range f.Passages {
		now := passageOf(p.Now)
		out.Passages = append(out.Passages, FindingPassage{p.Passage, p.Source, p.Said, now.Heading, now.Question, now.Text, now.Hidden, now.Suspicion, now.Quarantined})
	}
	for i, id := range f.Sources {
		out.Sources = append(out.Sources, FindingSource{id, f.Names[i]})
	}
	if d := f.Dismissed; !d.At.IsZero() {
		out.Dismissed = &Dismissal{At: stamp(d.At)}
		if d.By.Kind != "" {
			out.Dismissed.By = &ActorRef{Kind: string(d.By.Kind), ID: d.By.ID}
		}
	}
	if !f.Date.IsZero() {
		out.Date = some(stamp(f.Date))
	}
	return out
}
