package api

import (
	"context"
	"net/http"

	engine "parley/internal/answer"
	"parley/internal/desk"
	"parley/internal/kit/text"
)

// Answer is what a customer would get for a question, with the reasons.
type Answer struct {
	Decision    string       `json:"decision" enum:"answer,did_you_mean,hand_over"`
	Language    string       `json:"language"`
	Answer      string       `json:"answer"`
	Reason      string       `json:"reason"`
	Passages    []Rested     `json:"passages" nullable:"false"`
	Suggestions []Suggestion `json:"suggestions" nullable:"false"`
	Checks      []desk.Check `json:"checks" nullable:"false"`
	MS          float64      `json:"ms"`
}

// Rested is a passage the answer rests on.
type Rested struct {
	desk.SourceRef
	Score float64 `json:"score"`
}

// Suggestion is one choice of a "did you mean".
type Suggestion struct {
	PassageID desk.ID `json:"passage_id"`
	Label     string  `json:"label"`
}

type askBody struct {
	Body struct {
		Question string `json:"question" minLength:"1" maxLength:"2000"`
		Language string `json:"language,omitempty" maxLength:"10"`
	}
}

func answerRoutes(a *API) {
	declare(a, Route{ID: "ask", Method: http.MethodPost, Path: "/api/v1/answers", Needs: Need(desk.ReadKnowledge), Limit: limitAsk,
		Tag: "answers", Summary: "Ask as a customer would; nothing is sent or kept"},
		func(ctx context.Context, c *call, in *askBody) (*given[Answer], error) {
			question := text.Normalise(in.Body.Question, 8000)
			if question == "" {
				return nil, desk.Fail(desk.Invalid, "question_empty", "ask something")
			}
			return reply(a.ask(ctx, c, question, in.Body.Language))
		})
}

const passagesShown = 5

// ask gives the answer with what was looked at for it: the passages found, best
// first, and the quotes of those the answer rests on.
func (a *API) ask(ctx context.Context, c *call, question, lang string) (Answer, error) {
	asked, err := a.Answers.Ask(ctx, c.Workspace.ID, engine.Question{Text: question, Language: lang})
	if err != nil {
		return Answer{}, err
	}
	found, err := a.Knowledge.Search(ctx, c.Workspace.ID, question, asked.Language, passagesShown)
	out := Answer{Decision: string(asked.Decision), Language: asked.Language, Answer: asked.Text, Reason: asked.Reason, Passages: []Rested{},
		Suggestions: []Suggestion{}, Checks: orEmpty(asked.Checks), MS: float64(asked.Took.Microseconds()) / 1000}
	for i, f := range found {
		ref := f.Ref(i + 1)
		for _, used := range asked.Sources {
			if used.PassageID == ref.PassageID {
				ref.Quote = used.Quote
			}
		}
		out.Passages = append(out.Passages, Rested{ref, f.Score})
	}
	for _, s := range asked.Suggestions {
		out.Suggestions = append(out.Suggestions, Suggestion{s.Passage, s.Label})
	}
	return out, err
}
