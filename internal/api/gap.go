package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/kit/i18n"
	"parley/internal/knowledge"
	"parley/internal/store"
)

// Gap is what people ask and the knowledge does not answer. Near questions are
// one gap.
type Gap struct {
	ID        desk.ID      `json:"id"`
	State     string       `json:"state" enum:"open,answered,dismissed"`
	Reason    string       `json:"reason" enum:"no_answer,low_confidence,not_chosen" doc:"Of the newest question; not_chosen: choices were offered and none was taken"`
	Count     int          `json:"count" doc:"How many times it was asked"`
	Languages []string     `json:"languages" nullable:"false"`
	Examples  []GapExample `json:"examples" nullable:"false" doc:"The newest questions, read from their messages; empty for who may not read conversations"`
	Nearest   *Found       `json:"nearest" doc:"The passage that fits best; null when there is none"`
	FirstAt   stamp        `json:"first_at"`
	LastAt    stamp        `json:"last_at"`
}

// GapExample is one question as somebody asked it.
type GapExample struct {
	MessageID      desk.ID `json:"message_id"`
	ConversationID desk.ID `json:"conversation_id"`
	Text           string  `json:"text"`
	At             stamp   `json:"at"`
}

// Phrasing is another way to ask for a passage.
type Phrasing struct {
	ID       desk.ID `json:"id"`
	Text     string  `json:"text"`
	Language string  `json:"language"`
	State    string  `json:"state" enum:"active,suggested" doc:"A suggested one counts once somebody approves it"`
	Asked    bool    `json:"asked" doc:"It was asked by a contact, and leaves with them"`
	At       stamp   `json:"at"`
}

func phrasingOf(p store.Phrasing) Phrasing {
	return Phrasing{p.ID, p.Text, p.Language, string(p.State), p.Contact != 0, stamp(p.At)}
}

// Synonyms are words of a language that mean the same to the workspace.
type Synonyms struct {
	Language string     `json:"language" minLength:"2" maxLength:"3"`
	Groups   [][]string `json:"groups" nullable:"false" maxItems:"500" doc:"Each of 2 to 20 words or short phrases"`
}

type gapsIn struct {
	Paging
	State string `query:"state" enum:"open,answered,dismissed" default:"open"`
}

type answerGapBody struct {
	ByID
	Body struct {
		Answer   string  `json:"answer" minLength:"1" maxLength:"4000"`
		Question string  `json:"question,omitempty" maxLength:"500" doc:"Left out: the newest question that was asked, without personal data"`
		SourceID desk.ID `json:"source_id,omitempty" doc:"Of kind faq; left out: the source From gaps"`
	}
}

type gapPhrasingBody struct {
	ByID
	Body struct {
		PassageID desk.ID `json:"passage_id"`
	}
}

type phrasingBody struct {
	ByID
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"500"`
	}
}

type synonymsBody struct{ Body Synonyms }

const gapOrder = "gaps"

// gapRoutes: what customers ask in vain, and the words that would have found it.
func gapRoutes(a *API) {
	path, passage := "/api/v1/knowledge/gaps", "/api/v1/knowledge/passages/{id}/phrasings"
	phrasing, synonyms := "/api/v1/knowledge/phrasings/{id}", "/api/v1/knowledge/synonyms"
	read, write := Need(desk.ReadKnowledge), Need(desk.WriteKnowledge)
	declare(a, Route{ID: "list-gaps", Record: "gap.list", Method: http.MethodGet, Path: path, Needs: read, Tag: "knowledge",
		Summary: "Questions that found no answer, near ones together, the one asked last first"}, a.listGaps)
	declare(a, Route{ID: "answer-gap", Method: http.MethodPost, Path: path + "/{id}/answer", Needs: write, Status: http.StatusCreated, Tag: "knowledge",
		Summary: "Answer a gap: a pair in a source, found by the questions that were asked"}, a.answerGap)
	declare(a, Route{ID: "phrase-gap", Method: http.MethodPost, Path: path + "/{id}/phrasing", Needs: write, Tag: "knowledge",
		Summary: "Make the questions of a gap ways to ask for a passage"},
		func(ctx context.Context, c *call, in *gapPhrasingBody) (*given[Page[Phrasing]], error) {
			all, err := a.Knowledge.AdoptPhrasing(ctx, c.Workspace.ID, in.id(), in.Body.PassageID, c.Actor)
			return reply(phrasingsOf(all), pointing(err, map[string]string{"question_missing": "passage_id", "too_many_phrasings": "passage_id"}))
		})
	declare(a, Route{ID: "dismiss-gap", Method: http.MethodPost, Path: path + "/{id}/dismiss", Needs: write, Status: http.StatusNoContent, Tag: "knowledge",
		Summary: "Close a gap that needs no answer"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Knowledge.DismissGap(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
	declare(a, Route{ID: "list-phrasings", Method: http.MethodGet, Path: passage, Needs: read, Tag: "knowledge", Summary: "Other ways to ask for a passage"},
		func(ctx context.Context, c *call, in *ByID) (*given[Page[Phrasing]], error) {
			all, err := a.Knowledge.Phrasings(ctx, c.Workspace.ID, in.id())
			return reply(phrasingsOf(all), err)
		})
	declare(a, Route{ID: "add-phrasing", Method: http.MethodPost, Path: passage, Needs: write, Status: http.StatusCreated, Tag: "knowledge",
		Summary: "Add a way to ask for a passage; the next question finds it"},
		func(ctx context.Context, c *call, in *phrasingBody) (*given[Phrasing], error) {
			p, err := a.Knowledge.AddPhrasing(ctx, c.Workspace.ID, in.id(), c.Actor, in.Body.Text)
			return reply(phrasingOf(p), pointing(err, map[string]string{"empty": "text", "too_long": "text", "too_many_phrasings": "text"}))
		})
	declare(a, Route{ID: "approve-phrasing", Method: http.MethodPost, Path: phrasing + "/approve", Needs: write, Tag: "knowledge", Summary: "Make a suggested way to ask count"},
		func(ctx context.Context, c *call, in *ByID) (*given[Phrasing], error) {
			p, err := a.Knowledge.ApprovePhrasing(ctx, c.Workspace.ID, in.id(), c.Actor)
			return reply(phrasingOf(p), err)
		})
	declare(a, Route{ID: "drop-phrasing", Method: http.MethodDelete, Path: phrasing, Needs: write, Status: http.StatusNoContent, Tag: "knowledge", Summary: "Remove a way to ask"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Knowledge.DropPhrasing(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
	declare(a, Route{ID: "get-synonyms", Method: http.MethodGet, Path: synonyms, Needs: read, Tag: "knowledge", Summary: "Words that mean the same here, by language"}, a.getSynonyms)
	declare(a, Route{ID: "set-synonyms", Method: http.MethodPut, Path: synonyms, Needs: write, Body: synonymLimit, Status: http.StatusNoContent, Tag: "knowledge",
		Summary: "Replace the groups of one language; the next question is searched with them"},
		func(ctx context.Context, c *call, in *synonymsBody) (*nothing, error) {
			err := a.Knowledge.SetSynonyms(ctx, c.Workspace.ID, c.Actor, in.Body.Language, in.Body.Groups)
			return nil, pointing(err, map[string]string{"bad_language": "language", "synonyms": "groups"})
		})
}

const synonymLimit = 2 << 20

func phrasingsOf(all []store.Phrasing) Page[Phrasing] {
	return page(all, len(all), phrasingOf, nil)
}

func (a *API) getSynonyms(ctx context.Context, c *call, _ *struct{}) (*given[Page[Synonyms]], error) {
	all, err := a.Knowledge.Synonyms(ctx, c.Workspace.ID)
	return reply(page(all, len(all), func(s store.Synonyms) Synonyms { return Synonyms{s.Language, s.Groups} }, nil), err)
}

func (a *API) listGaps(ctx context.Context, c *call, in *gapsIn) (*given[Page[Gap]], error) {
	keys, err := cursor.Read(gapOrder+"/"+in.State, in.Cursor, 2)
	if err != nil {
		return nil, errCursor(err)
	}
	list := knowledge.GapList{State: store.GapState(in.State), Texts: c.may(desk.ReadConversations)}
	if keys != nil {
		list.Asked, list.After = time.UnixMicro(keys[0]), desk.ID(keys[1])
	}
	rows, err := a.Knowledge.Gaps(ctx, c.Workspace.ID, list, in.Limit+1)
	return reply(page(rows, in.Limit, gapOf, func(g knowledge.Gap) string {
		return cursor.Make(gapOrder+"/"+in.State, g.LastAt.UnixMicro(), int64(g.ID))
	}), err)
}

func gapOf(g knowledge.Gap) Gap {
	out := Gap{ID: g.ID, State: string(g.State), Reason: g.Reason, Count: g.Questions, Languages: orEmpty(g.Languages), Examples: []GapExample{},
		FirstAt: stamp(g.FirstAt), LastAt: stamp(g.LastAt)}
	for _, e := range g.Examples {
		out.Examples = append(out.Examples, GapExample{e.Message, e.Conversation, e.Text, stamp(e.At)})
	}
	if f := g.Nearest; f != nil {
		out.Nearest = &Found{f.ID, f.Source, f.SourceName, f.Ref(0).Heading, f.Text, 0}
	}
	return out
}

func (a *API) answerGap(ctx context.Context, c *call, in *answerGapBody) (*given[Added], error) {
	b := in.Body
	s, err := a.Knowledge.AnswerGap(ctx, c.Workspace.ID, in.id(), knowledge.GapAnswer{Answer: b.Answer, Question: b.Question, Source: b.SourceID,
		Name: i18n.T(c.Workspace.Locale, "knowledge.from_gaps", nil), By: c.Actor})
	return reply(Added{s.ID, string(s.State)}, pointing(err, map[string]string{"question_missing": "question", "pair_incomplete": "answer",
		"pair_too_long": "answer", "wrong_kind": "source_id", "too_large": "source_id", "source_name_taken": "source_id"}))
}
