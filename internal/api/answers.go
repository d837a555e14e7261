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
	Decision    string       `json:"decision" enum:"answer,did_you_mean,hand_over,nothing"`
	Outcome     string       `json:"outcome" enum:"sent,drafted,handed_over,flagged,nothing" doc:"What would become of it on the channel"`
	Why         string       `json:"why" doc:"A machine word"`
	Mode        string       `json:"mode" enum:"off,draft,autopilot"`
	ModeBy      string       `json:"mode_by" enum:"conversation,rule,account,workspace,default"`
	Language    string       `json:"language"`
	Answer      string       `json:"answer"`
	Reason      string       `json:"reason"`
	Engine      string       `json:"engine" enum:",extractive,model"`
	Vendor      string       `json:"vendor"`
	Model       string       `json:"model"`
	Confidence  float64      `json:"confidence"`
	Limit       float64      `json:"limit" doc:"The confidence from which an answer goes out by itself"`
	Topics      []string     `json:"topics" nullable:"false"`
	Special     []string     `json:"special" nullable:"false"`
	Passages    []Rested     `json:"passages" nullable:"false"`
	Suggestions []Suggestion `json:"suggestions" nullable:"false"`
	Checks      []desk.Check `json:"checks" nullable:"false"`
	In          int64        `json:"tokens_in"`
	Out         int64        `json:"tokens_out"`
	Cents       float64      `json:"cents"`
	MS          float64      `json:"ms"`
}

// Rested is a passage the answer rests on.
type Rested struct {
	desk.SourceRef
	Text  string    `json:"text,omitempty"`
	Score float64   `json:"score"`
	Near  *Nearness `json:"meaning,omitempty" doc:"How it was found by its meaning; absent where words alone found it"`
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
		Channel  string `json:"channel,omitempty" maxLength:"64" doc:"Kind of channel it would be asked on"`
	}
}

func answerRoutes(a *API) {
	declare(a, Route{ID: "ask", Method: http.MethodPost, Path: "/api/v1/answers", Needs: Need(desk.ReadKnowledge), Limit: limitAsk,
		Tag: "answers", Summary: "Ask as a customer would; nothing is sent, and nothing kept but what a model cost"}, a.ask)
	declare(a, Route{ID: "preview-ai", Method: http.MethodPost, Path: "/api/v1/ai/preview", Needs: Need(desk.WriteWorkspace), Limit: limitAsk,
		Tag: "ai", Summary: "The prompt of a question, to the byte; nobody is called"}, a.previewAI)
}

// ask tells what a customer would get: the passages that were looked at, best
// first, with the quotes of those the answer rests on.
func (a *API) ask(ctx context.Context, c *call, in *askBody) (*given[Answer], error) {
	q, err := in.question()
	if err != nil {
		return nil, err
	}
	asked, err := a.Answers.Ask(ctx, c.Workspace.ID, in.Body.Channel, q)
	if err != nil {
		return nil, err
	}
	out := Answer{Decision: string(asked.Decision), Outcome: asked.Outcome, Why: asked.Why, Mode: string(asked.Choice.Mode), ModeBy: asked.Choice.By,
		Language: asked.Language, Answer: asked.Text, Reason: asked.Reason, Engine: asked.Engine, Confidence: asked.Score, Limit: asked.Limit,
		Topics: orEmpty(asked.Topics), Special: orEmpty(asked.Special), Passages: []Rested{}, Suggestions: []Suggestion{},
		Checks: orEmpty(asked.Checks), MS: float64(asked.Took.Microseconds()) / 1000}
	if out.Decision == "" {
		out.Decision = string(desk.DecideNothing)
	}
	for _, f := range asked.Passages {
		out.Passages = append(out.Passages, Rested{SourceRef: f.Ref, Score: f.Score, Near: nearnessOf(f.Near)})
	}
	for _, s := range asked.Suggestions {
		out.Suggestions = append(out.Suggestions, Suggestion{s.Passage, s.Label})
	}
	for _, one := range asked.Calls {
		out.Vendor, out.Model = string(one.Vendor), one.Model
		out.In, out.Out, out.Cents = out.In+one.In, out.Out+one.Out, out.Cents+float64(one.Micros)/10_000
	}
	return reply(out, nil)
}

func (in *askBody) question() (engine.Question, error) {
	question := text.Normalise(in.Body.Question, 8000)
	if question == "" {
		return engine.Question{}, desk.Fail(desk.Invalid, "question_empty", "ask something")
	}
	return engine.Question{Text: question, Language: in.Body.Language}, nil
}

// Prompt is what would be sent to a model for a question.
type Prompt struct {
	Vendor string   `json:"vendor"`
	Model  string   `json:"model"`
	System []string `json:"system" nullable:"false" doc:"Instructions, block by block"`
	Data   string   `json:"data" doc:"The question and the passages"`
	Body   string   `json:"body" doc:"The request, to the byte"`
	Meant  bool     `json:"meant" doc:"Search by meaning is on, so the question, masked, was sent for its vector; no model was asked for an answer"`
}

func (a *API) previewAI(ctx context.Context, c *call, in *askBody) (*given[Prompt], error) {
	q, err := in.question()
	if err != nil {
		return nil, err
	}
	p, err := a.Answers.Preview(ctx, c.Workspace.ID, q)
	return reply(Prompt{string(p.Vendor), p.Model, orEmpty(p.System), p.Data, string(p.Body), p.Meant}, err)
}
