package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/knowledge"
	"parley/internal/store"
)

// Finding is something in the knowledge that a person should look at.
type Finding struct {
	ID        desk.ID          `json:"id"`
	Kind      string           `json:"kind" enum:"contradiction,expired,stale,unused,quarantined" doc:"contradiction: two sources give different numbers for one thing; expired: an end has passed; stale: prices or hours in a source that has not changed for 180 days; unused: no answer looked at it for 90 days; quarantined: waits for review"`
	Passages  []FindingPassage `json:"passages" nullable:"false" doc:"At most 50"`
	SourceIDs []desk.ID        `json:"source_ids" nullable:"false"`
	Date      opt[stamp]       `json:"date" doc:"Of expired: the end; of stale: the last change"`
	Dismissed bool             `json:"dismissed"`
	FoundAt   stamp            `json:"found_at"`
}

// FindingPassage is a passage with the sentence that it is about.
type FindingPassage struct {
	PassageID desk.ID `json:"passage_id"`
	SourceID  desk.ID `json:"source_id"`
	Said      string  `json:"said" doc:"Empty where it is about the whole passage"`
}

type findingsIn struct {
	Paging
	Dismissed bool `query:"dismissed"`
}

const findingOrder = "findings"

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
}

func (a *API) listFindings(ctx context.Context, c *call, in *findingsIn) (*given[Page[Finding]], error) {
	before, err := in.after(findingOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Knowledge.Findings(ctx, c.Workspace.ID, in.Dismissed, knowledge.FindingPage{Before: before, Limit: in.Limit + 1})
	return reply(page(rows, in.Limit, findingOf, func(f store.Finding) string { return cursor.Make(findingOrder, int64(f.ID)) }), err)
}

func findingOf(f store.Finding) Finding {
	out := Finding{ID: f.ID, Kind: f.Kind, Passages: []FindingPassage{}, SourceIDs: orEmpty(f.Sources), Dismissed: f.Dismissed, FoundAt: stamp(f.FoundAt)}
	for _, p := range f.Passages {
		out.Passages = append(out.Passages, FindingPassage{p.Passage, p.Source, p.Said})
	}
	if !f.Date.IsZero() {
		out.Date = some(stamp(f.Date))
	}
	return out
}
