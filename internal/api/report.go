package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/knowledge"
	"parley/internal/privacy"
	"parley/internal/store"
)

// Reported says that a report was taken in.
type Reported struct {
	CaseID desk.ID `json:"case_id" doc:"The same for who reports the same answer again"`
}

// CaseReport is the answer that a case is about, with the record of how it came
// to be.
type CaseReport struct {
	Reason         string  `json:"reason" enum:"wrong,biased,harmful,other"`
	ByKind         string  `json:"by_kind" enum:"member,key,contact"`
	Note           string  `json:"note" doc:"Empty for who may not read conversations"`
	Question       string  `json:"question" doc:"What was asked; empty for who may not read conversations, and once it is gone"`
	Answer         string  `json:"answer" doc:"What the AI said; empty as question"`
	MessageID      desk.ID `json:"message_id"`
	ConversationID desk.ID `json:"conversation_id"`
	Outcome        string  `json:"outcome" enum:",corrected,rejected"`
	Explanation    *Run    `json:"explanation" doc:"The decision: rules and their outcome, model, passages, version of the settings; null when its record is gone"`
	At             stamp   `json:"at"`
}

type reportBody struct {
	ByID
	Body struct {
		Reason string `json:"reason" enum:"wrong,biased,harmful,other"`
		Note   string `json:"note,omitempty" maxLength:"1000"`
	}
}

type closeCaseBody struct {
	ByID
	Body struct {
		Outcome  string `json:"outcome,omitempty" enum:",corrected,rejected" doc:"Of a reported answer; empty for what a person asked"`
		NeverSay string `json:"never_say,omitempty" maxLength:"200" doc:"A phrase that the AI never says again; needs the permission to change the AI's settings"`
	}
}

type reportCountsIn struct {
	Days int `query:"days" minimum:"1" maximum:"365" default:"30"`
}

// ReportCounts says how often answers were reported.
type ReportCounts struct {
	Items []Counted `json:"items" nullable:"false" doc:"By reason"`
}

type widgetReportIn struct {
	VisitIn
	Body struct {
		MessageID desk.ID `json:"message_id"`
		Reason    string  `json:"reason" enum:"wrong,biased,harmful,other"`
	}
}

// reportRoutes: whoever reads a conversation may report what the AI said in it.
func reportRoutes(a *API) {
	declare(a, Route{ID: "report-message", Method: http.MethodPost, Path: "/api/v1/messages/{id}/report", Needs: Need(desk.ReadConversations),
		Status: http.StatusCreated, Tag: "ai", Summary: "Report an answer of the AI as wrong, biased or harmful; it becomes a case"}, a.reportMessage)
	declare(a, Route{ID: "close-case", Method: http.MethodPost, Path: "/api/v1/privacy/cases/{id}/close", Needs: Need(desk.WriteCases), Tag: "privacy",
		Summary: "Close a case about an answer of the AI, with a phrase that it never says again; or a person's request that is decided and past its appeal"}, a.closeCase)
	declare(a, Route{ID: "count-reports", Method: http.MethodGet, Path: "/api/v1/privacy/reports", Needs: Need(desk.ReadCases), Tag: "privacy",
		Summary: "How often answers of the AI were reported, by reason"}, a.countReports)
}

func (a *API) reportMessage(ctx context.Context, c *call, in *reportBody) (*given[Reported], error) {
	r, err := a.Reports.Add(ctx, c.Workspace.ID, privacy.NewReport{Message: in.id(), Reason: in.Body.Reason, Note: in.Body.Note, By: c.Actor})
	return reply(Reported{r.Case}, err)
}

// widgetReport takes in what a visitor says of an answer in their own chat.
func (a *API) widgetReport(ctx context.Context, c *call, in *widgetReportIn) (*struct{}, error) {
	w, v, err := a.visiting(ctx, c, in.VisitIn)
	if err != nil {
		return nil, err
	}
	if err := a.limits.take(limitSay, "visitor "+v.Visitor); err != nil {
		return nil, err
	}
	row, err := a.threadOfVisit(ctx, w, v)
	if err != nil {
		return nil, err
	}
	_, err = a.Reports.Add(ctx, w.Workspace, privacy.NewReport{Message: in.Body.MessageID, Reason: in.Body.Reason, Contact: row.Contact})
	return nil, err
}

func (a *API) closeCase(ctx context.Context, c *call, in *closeCaseBody) (*given[Case], error) {
	if in.Body.NeverSay != "" && !c.may(desk.WriteWorkspace) {
		return nil, desk.Fail(desk.Forbidden, "permission", "a phrase that the AI never says needs the permission "+string(desk.WriteWorkspace))
	}
	if in.Body.Outcome == "" {
		one, err := a.Casework.CloseCase(ctx, c.Workspace.ID, in.id(), c.Actor)
		return reply(caseOf(c, one), err)
	}
	one, err := a.Reports.Close(ctx, c.Workspace.ID, in.id(), privacy.Decided{Outcome: in.Body.Outcome, NeverSay: in.Body.NeverSay, By: c.Actor})
	if err != nil {
		return nil, pointing(err, map[string]string{"do_not_say": "never_say"})
	}
	out := caseOf(c, one)
	out.Report, err = a.caseReport(ctx, c, one)
	return reply(out, err)
}

func (a *API) countReports(ctx context.Context, c *call, in *reportCountsIn) (*given[ReportCounts], error) {
	var by map[string]int
	since := a.Clock.Now().Add(-time.Duration(in.Days) * 24 * time.Hour)
	err := c.ws.Read(ctx, func(r *store.Rx) (err error) { by, err = r.ReportCounts(since); return err })
	out := ReportCounts{Items: []Counted{}}
	for _, reason := range privacy.Reasons() {
		out.Items = append(out.Items, Counted{Name: reason, Count: int64(by[reason]), Words: reasonWords(c, reason)})
	}
	return reply(out, err)
}

// caseReport is the report behind a case, with the decision behind the answer;
// nil for other cases, and once the contact is erased.
func (a *API) caseReport(ctx context.Context, c *call, one store.Case) (*CaseReport, error) {
	if one.Kind != privacy.Automated {
		return nil, nil
	}
	var r store.AIReport
	var run desk.Run
	var asked, said desk.Message
	err := c.ws.Read(ctx, func(rx *store.Rx) (err error) {
		if r, err = rx.ReportOf(one.ID); err != nil {
			return err
		}
		if run, err = ifThere(rx.Run(r.Run)); err != nil {
			return err
		}
		if said, err = ifThere(rx.Message(r.Message)); err != nil || run.ID == 0 {
			return err
		}
		asked, err = ifThere(rx.Message(run.Trigger))
		return err
	})
	if desk.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &CaseReport{Reason: r.Reason, ByKind: r.ByKind, MessageID: r.Message, ConversationID: r.Conversation, Outcome: r.Outcome, At: stamp(r.At)}
	if c.may(desk.ReadConversations) {
		out.Note, out.Question, out.Answer = r.Note, string(asked.Body), string(said.Body)
	}
	if run.ID == 0 {
		return out, nil
	}
	var found []knowledge.Found
	if c.may(desk.ReadKnowledge) {
		found, err = a.Knowledge.Passed(ctx, c.Workspace.ID, run.Passages)
	}
	why := runOf(run, found)
	out.Explanation = &why
	return out, err
}

// ifThere takes what is gone for nothing.
func ifThere[T any](found T, err error) (T, error) {
	if desk.IsNotFound(err) {
		var none T
		return none, nil
	}
	return found, err
}
