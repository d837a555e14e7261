package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/knowledge"
	"parley/internal/store"
)

// Passage is one piece of a source.
type Passage struct {
	ID       desk.ID `json:"id"`
	SourceID desk.ID `json:"source_id"`
	N        int     `json:"n"`
	Language string  `json:"language"`
	Heading  string  `json:"heading"`
	Text     string  `json:"text"`
	Question string  `json:"question,omitempty"`
	Hidden   bool    `json:"hidden"`
	Edited   bool    `json:"edited"`
	Original string  `json:"original,omitempty" doc:"What was read, where somebody edited it"`
	Version  int     `json:"version" doc:"Number of changes people made"`

	Quarantined bool           `json:"quarantined" doc:"Held back for review: nobody finds it until somebody approves it"`
	Suspicion   string         `json:"suspicion" enum:",instructions,role,prompt" doc:"Why it is or was held back"`
	Item        *CatalogueItem `json:"item,omitempty" doc:"Of a price list; only where one passage is asked for"`
}

// CatalogueItem is the row of a price list.
type CatalogueItem struct {
	Name     string `json:"name"`
	Variant  string `json:"variant,omitempty"`
	SKU      string `json:"sku,omitempty"`
	Link     string `json:"link,omitempty"`
	Price    string `json:"price,omitempty" doc:"As it is written"`
	Amount   int64  `json:"amount" doc:"Price in hundredths; -1 where it cannot be told"`
	Currency string `json:"currency,omitempty"`
	Stock    string `json:"stock,omitempty" doc:"As it is written"`
	Count    int64  `json:"count" doc:"How many there are; 1 and 0 for yes and no, -1 where it cannot be told"`
}

func passageOf(p store.Passage) Passage {
	return Passage{ID: p.ID, SourceID: p.Source, N: p.N, Language: p.Language, Heading: p.Heading, Text: p.Text, Question: p.Question,
		Hidden: p.Hidden, Edited: p.Original != "", Original: p.Original, Version: p.Version, Quarantined: p.Suspect != "" && !p.Cleared, Suspicion: p.Suspect}
}

// PassageEdit is what somebody did to a passage, and what it said from then on.
type PassageEdit struct {
	Version int       `json:"version"`
	Act     string    `json:"act" enum:"edited,restored,hidden,shown,approved,held"`
	Text    string    `json:"text" doc:"Empty: as it was read"`
	By      *ActorRef `json:"by,omitempty" doc:"Left out where it was not kept"`
	At      stamp     `json:"at"`
}

func editOf(e store.Edit) PassageEdit {
	out := PassageEdit{Version: e.Version, Act: string(e.Act), Text: e.Text, At: stamp(e.At)}
	if e.By.Kind != "" {
		out.By = &ActorRef{string(e.By.Kind), e.By.ID}
	}
	return out
}

// PassageChange is what somebody changes about a passage; what is left out stays.
type PassageChange struct {
	Hidden      *bool   `json:"hidden,omitempty"`
	Text        *string `json:"text,omitempty" minLength:"1" maxLength:"4000"`
	Quarantined *bool   `json:"quarantined,omitempty" doc:"false approves a passage that was held back"`
}

type changePassageBody struct {
	ByID
	Body PassageChange
}

func passageRoutes(a *API) {
	path := "/api/v1/knowledge/passages/{id}"
	read, write := Need(desk.ReadKnowledge), Need(desk.WriteKnowledge)
	declare(a, Route{ID: "list-passages", Method: http.MethodGet, Path: "/api/v1/knowledge/sources/{id}/passages", Needs: read,
		Tag: "knowledge", Summary: "The pieces a source was cut into"}, a.listPassages)
	declare(a, Route{ID: "get-passage", Method: http.MethodGet, Path: path, Needs: read, Tag: "knowledge", Summary: "One piece of a source"}, a.getPassage)
	declare(a, Route{ID: "change-passage", Method: http.MethodPatch, Path: path, Needs: write,
		Tag: "knowledge", Summary: "Hide a piece, edit it, or approve one that was held back"},
		func(ctx context.Context, c *call, in *changePassageBody) (*given[Passage], error) {
			b := in.Body
			p, err := a.Knowledge.ChangePassage(ctx, c.Workspace.ID, in.id(), knowledge.Tend{Hidden: b.Hidden, Text: b.Text, Quarantined: b.Quarantined, By: c.Actor})
			return reply(passageOf(p), pointing(err, map[string]string{"empty": "text", "passage_too_long": "text", "not_suspect": "quarantined"}))
		})
	declare(a, Route{ID: "restore-passage", Method: http.MethodPost, Path: path + "/restore", Needs: write,
		Tag: "knowledge", Summary: "Show a piece again, as it was read"},
		func(ctx context.Context, c *call, in *ByID) (*given[Passage], error) {
			p, err := a.Knowledge.RestorePassage(ctx, c.Workspace.ID, in.id(), c.Actor)
			return reply(passageOf(p), err)
		})
	declare(a, Route{ID: "list-passage-edits", Method: http.MethodGet, Path: path + "/edits", Needs: read,
		Tag: "knowledge", Summary: "What was done to a piece, by whom, and what it said from then on, newest first"},
		func(ctx context.Context, c *call, in *ByID) (*given[Page[PassageEdit]], error) {
			rows, err := a.Knowledge.Edits(ctx, c.Workspace.ID, in.id())
			out := Page[PassageEdit]{Items: []PassageEdit{}}
			for _, e := range rows {
				out.Items = append(out.Items, editOf(e))
			}
			return reply(out, err)
		})
}

func (a *API) getPassage(ctx context.Context, c *call, in *ByID) (*given[Passage], error) {
	p, err := a.Knowledge.Passage(ctx, c.Workspace.ID, in.id())
	if err != nil {
		return nil, err
	}
	out := passageOf(p)
	i, err := a.Knowledge.Item(ctx, c.Workspace.ID, p.ID)
	switch {
	case err == nil:
		out.Item = &CatalogueItem{i.Name, i.Variant, i.SKU, i.Link, i.Price, i.Amount, i.Currency, i.Stock, i.Count}
	case desk.CodeOf(err) != desk.NotFound:
		return nil, err
	}
	return reply(out, nil)
}

func (a *API) listPassages(ctx context.Context, c *call, in *passageList) (*given[Page[Passage]], error) {
	after, err := in.after(passageOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Knowledge.Passages(ctx, c.Workspace.ID, in.id())
	rest := rows[:0]
	for _, p := range rows {
		if (int64(p.N) > int64(after) || in.Cursor == "") && in.wants(passageOf(p)) {
			rest = append(rest, p)
		}
	}
	return reply(page(rest, in.Limit, passageOf, func(p store.Passage) string { return cursor.Make(passageOrder, int64(p.N)) }), err)
}

// wants tells whether a passage is of the state that is asked for.
func (in *passageList) wants(p Passage) bool {
	switch in.State {
	case "held":
		return p.Quarantined
	case "hidden":
		return p.Hidden
	case "edited":
		return p.Edited
	}
	return true
}

// business is a profile as knowledge takes it; nil stays nil.
func (p *Business) business() *knowledge.Business {
	if p == nil {
		return nil
	}
	entries := func(in []BusinessEntry) (out []knowledge.Entry) {
		for _, e := range in {
			out = append(out, knowledge.Entry(e))
		}
		return out
	}
	return &knowledge.Business{Description: p.Description, Hours: entries(p.Hours), Addresses: entries(p.Addresses), Policies: entries(p.Policies),
		Titles: knowledge.Titles(p.Titles)}
}

func profileOf(b *knowledge.Business) *Business {
	if b == nil {
		return nil
	}
	entries := func(in []knowledge.Entry) []BusinessEntry {
		out := []BusinessEntry{}
		for _, e := range in {
			out = append(out, BusinessEntry(e))
		}
		return out
	}
	return &Business{Description: b.Description, Hours: entries(b.Hours), Addresses: entries(b.Addresses), Policies: entries(b.Policies), Titles: BusinessTitles(b.Titles)}
}
