package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/knowledge"
	"parley/internal/store"
)

// Run says why the AI said, drafted or did not say something.
type Run struct {
	ID           desk.ID      `json:"id"`
	Conversation desk.ID      `json:"conversation_id"`
	Decision     string       `json:"decision" enum:"answer,did_you_mean,hand_over,nothing"`
	Outcome      string       `json:"outcome" enum:"sent,drafted,handed_over,flagged,dropped,nothing"`
	Reason       string       `json:"reason" doc:"A machine word"`
	Engine       string       `json:"engine" enum:",extractive,model"`
	Vendor       string       `json:"vendor"`
	Model        string       `json:"model"`
	Confidence   float64      `json:"confidence"`
	Language     string       `json:"language"`
	Topics       []string     `json:"topics" nullable:"false"`
	Special      []string     `json:"special" nullable:"false" doc:"Special categories of data that the question holds"`
	Passages     []Rested     `json:"passages" nullable:"false" doc:"What was looked at, best first, as it reads now; one that is gone has no text"`
	Checks       []desk.Check `json:"checks" nullable:"false"`
	MS           float64      `json:"ms"`
	In           int64        `json:"tokens_in"`
	Out          int64        `json:"tokens_out"`
	Cents        float64      `json:"cents"`
	Settings     int64        `json:"settings_version"`
	At           stamp        `json:"at"`
	Question     string       `json:"question" doc:"What was asked, private details as placeholders, for whoever makes a test of it; empty where it may not be used, or is gone"`
}

// AILog is what went to a model and what came back.
type AILog struct {
	ID         desk.ID `json:"id"`
	Run        desk.ID `json:"run_id"`
	Purpose    string  `json:"purpose"`
	Vendor     string  `json:"vendor"`
	Model      string  `json:"model"`
	Prompt     string  `json:"prompt" doc:"The bytes that were sent, private details as placeholders"`
	Completion string  `json:"completion"`
	At         stamp   `json:"at"`
}

// runRoutes: why is for everybody who reads the conversation, the texts for those
// who set up the workspace, each look recorded.
func runRoutes(a *API) {
	declare(a, Route{ID: "get-run", Method: http.MethodGet, Path: "/api/v1/runs/{id}", Needs: Need(desk.ReadConversations), Tag: "ai",
		Summary: "Why the AI answered as it did: passages, checks, rules and cost"}, a.getRun)
	declare(a, Route{ID: "list-ai-logs", Method: http.MethodGet, Path: "/api/v1/conversations/{id}/ai/logs", Needs: Need(desk.WriteWorkspace), Tag: "ai",
		Summary: "What went to a model for a conversation and came back, newest first; kept for 30 days at most, and looking is recorded"}, a.listAILogs)
}

func (a *API) getRun(ctx context.Context, c *call, in *ByID) (*given[Run], error) {
	var run desk.Run
	err := c.ws.Read(ctx, func(r *store.Rx) (err error) { run, err = r.Run(in.id()); return err })
	if err != nil {
		return nil, err
	}
	found, err := a.Knowledge.Passed(ctx, c.Workspace.ID, run.Passages)
	if err != nil {
		return nil, err
	}
	out := runOf(run, found)
	out.Question, err = a.Answers.QuestionOf(ctx, c.Workspace.ID, run)
	return reply(out, err)
}

func runOf(r desk.Run, found []knowledge.Found) Run {
	out := Run{ID: r.ID, Conversation: r.Conversation, Decision: string(r.Decision), Outcome: r.Outcome, Reason: r.Reason, Engine: r.Engine,
		Vendor: string(r.Call.Vendor), Model: r.Call.Model, Confidence: r.Confidence, Language: r.Language, Topics: orEmpty(r.About.Topics),
		Special: orEmpty(r.About.Special), Passages: []Rested{}, Checks: orEmpty(r.Checks), MS: float64(r.Micros) / 1000, In: r.Call.In, Out: r.Call.Out,
		Cents: float64(r.Call.Micros) / 10_000, Settings: r.Settings, At: stamp(r.At)}
	for i, id := range r.Passages {
		one := Rested{SourceRef: desk.SourceRef{N: i + 1, PassageID: id}}
		for _, f := range found {
			if f.ID == id {
				one.SourceRef, one.Text = f.Ref(i+1), f.Text
			}
		}
		if i < len(r.Scores) {
			one.Score = r.Scores[i]
		}
		if i < len(r.Meant) {
			one.Near = nearnessOf(r.Meant[i])
		}
		out.Passages = append(out.Passages, one)
	}
	return out
}

const logsShown = 100

func (a *API) listAILogs(ctx context.Context, c *call, in *ByID) (*given[Page[AILog]], error) {
	return a.showAILogs(ctx, c, in.id())
}

// showAILogs shows the calls of a conversation, 0 = those about the knowledge.
func (a *API) showAILogs(ctx context.Context, c *call, conversation desk.ID) (*given[Page[AILog]], error) {
	p := Page[AILog]{Items: []AILog{}}
	err := c.ws.Write(ctx, func(tx *store.Tx) error {
		if conversation != 0 {
			if _, err := tx.Conversation(conversation); err != nil {
				return err
			}
		}
		all, err := tx.AILogs(conversation, logsShown)
		if err != nil {
			return err
		}
		p.Items = p.Items[:0]
		for _, l := range all {
			p.Items = append(p.Items, AILog{l.ID, l.Run, string(l.Call.Purpose), string(l.Call.Vendor), l.Call.Model, l.Body.Prompt, l.Body.Completion, stamp(l.At)})
		}
		return a.recorded(tx, c, "ai.logs_read", conversation)
	})
	return reply(p, err)
}
