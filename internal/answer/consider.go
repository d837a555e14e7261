package answer

import (
	"context"
	"errors"

	"parley/internal/answer/topic"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// errMoved says that the conversation changed between the look and the commit.
var errMoved = errors.New("answer: the conversation moved")

// looks is how often a turn is taken again when something other than a newer
// message moved the conversation.
const looks = 4

// plan is what a turn comes to: what is written if nothing moved.
type plan struct {
	outcome string // for the record: sent, drafted, handed_over, flagged, nothing
	reason  string
	finding Finding
	body    string
	buttons []desk.Button
	call    desk.HandOverReason // call a person, or flag
	notice  bool                // tell the contact that a person was called
	off     bool                // and no machine speaks here any more
	request Request             // what the contact said about their own data
}

// Consider takes the AI's turn in a conversation whose contact wrote, after the
// burst wait.
func (a *Answer) Consider(ctx context.Context, job *flow.Job) error {
	for _, item := range job.Items {
		if err := a.consider(ctx, job, item); err != nil {
			return err
		}
	}
	return nil
}

func (a *Answer) consider(ctx context.Context, job *flow.Job, item flow.Item) error {
	var last desk.ID
	for n := 0; ; n++ {
		t, err := a.look(ctx, item.Workspace, item.Conversation)
		if desk.IsNotFound(err) {
			return a.finish(ctx, job, item, nil) // erased meanwhile
		}
		if err != nil {
			return err
		}
		if len(t.pending) == 0 || (n > 0 && t.newest().ID != last) {
			// Answered by somebody, or by the newer message's own turn.
			return a.finish(ctx, job, item, t.dropped(last))
		}
		last = t.newest().ID
		begin := a.DB.Clock().Now()
		p := a.decide(ctx, t)
		took := a.DB.Clock().Since(begin).Microseconds()
		err = a.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error {
			if err := a.commit(tx, t, p, took); err != nil {
				return err
			}
			return job.Finish(tx, item)
		})
		if !errors.Is(err, errMoved) {
			return err
		}
		if n+1 == looks {
			return desk.Fail(desk.Conflict, "moving", "the conversation keeps changing; the turn is taken later")
		}
	}
}

// dropped is the record of a turn that a newer message or a person overtook.
func (t *turn) dropped(trigger desk.ID) *desk.Run {
	if trigger == 0 {
		return nil
	}
	return &desk.Run{Conversation: t.conv.ID, Trigger: trigger, Decision: desk.DecideNothing, Outcome: "dropped", Reason: "moved", Engine: Extractive}
}

func (a *Answer) finish(ctx context.Context, job *flow.Job, item flow.Item, run *desk.Run) error {
	return a.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error {
		if run != nil {
			r := *run
			r.ID = tx.NewID()
			if err := tx.InsertRun(0, r); err != nil {
				return err
			}
		}
		return job.Finish(tx, item)
	})
}

// decide makes a plan. It touches no row.
func (a *Answer) decide(ctx context.Context, t *turn) plan {
	now := a.DB.Clock().Now()
	t.readTopics()
	facts := t.facts(now)
	speaker, why := desk.WhoSpeaks(t.conv.Conversation, desk.Policy{Workspace: t.ws, Account: t.acct, Contact: t.contact, Message: t.newest(),
		Rules: t.rules(), Facts: facts}, now)
	if r := a.request(t, why); r != (Request{}) {
		return plan{outcome: outcomeNothing, reason: "privacy_request", request: r}
	}
	if t.wantsPerson() {
		return t.personWanted(speaker, why)
	}
	if speaker != desk.SpeakAI && speaker != desk.SpeakDraft {
		return t.silent(why)
	}
	return a.respond(ctx, t, facts, speaker == desk.SpeakAI)
}

// respond makes a plan where the AI may speak, or draft.
func (a *Answer) respond(ctx context.Context, t *turn, facts desk.Facts, autopilot bool) plan {
	if t.conv.Turns >= desk.MaxTurns {
		return t.call(desk.LowConfidence, "turn_limit", autopilot)
	}
	if habit := desk.Automatic(t.said()); habit != "" {
		return plan{outcome: outcomeFlagged, reason: "bot_" + habit, call: desk.AIOff}
	}
	switch t.intent() {
	case topic.Thanks:
		return plan{outcome: outcomeNothing, reason: "thanks"}
	case topic.Greets:
		return t.greet(autopilot)
	}
	if name := t.forPeople(facts); name != "" {
		return t.call(desk.TopicRule, "topic", autopilot)
	}
	q := t.question()
	if q.Text == "" && q.Passage == 0 {
		return t.call(desk.NoAnswer, "no_text", autopilot)
	}
	purpose := desk.AISuggest
	if autopilot {
		purpose = desk.AIReply
	}
	if t.trial {
		purpose = desk.AIEvaluate
	}
	f, err := a.compose(ctx, t.asking(purpose))
	if err != nil {
		a.Log.Warn("no answer could be searched for; a person is called", "workspace", t.conv.Workspace, "conversation", t.conv.ID, "code", desk.CodeOf(err))
		return t.call(desk.AnswerFailed, "finder_"+string(desk.CodeOf(err)), autopilot)
	}
	return t.follow(f, autopilot)
}

// personWanted: the contact asked for a person. A member who holds the
// conversation is person enough; one call is enough, too.
func (t *turn) personWanted(speaker desk.Speaker, why string) plan {
	called := t.conv.HandOver != "" && t.conv.HandOver != desk.AIOff && t.conv.Owner.Kind == desk.OwnedByNobody
	if t.conv.Owner.Kind == desk.OwnedByMember || called || speaker == desk.SpeakNobody {
		return plan{outcome: outcomeNothing, reason: why}
	}
	tell := !t.contact.Silent() && why != "window_closed" && why != "older_than_connection"
	return plan{outcome: outcomeHandedOver, reason: string(desk.AskedForPerson), call: desk.AskedForPerson, notice: tell,
		off: t.refusesMachine(), finding: Finding{Decision: desk.DecideHandOver}}
}

// silent: the AI may not speak. A conversation that still belongs to it would
// be seen by nobody, so people are asked to look.
func (t *turn) silent(why string) plan {
	if t.conv.Owner.Kind != desk.OwnedByAI || t.conv.HandOver != "" || why == "older_than_connection" || why == "closed" {
		return plan{outcome: outcomeNothing, reason: why}
	}
	return plan{outcome: outcomeFlagged, reason: why, call: desk.AIOff}
}

// call plans a hand-over. In draft mode the AI has not spoken and a person
// answers anyway: they are asked to look, and the contact hears from them.
func (t *turn) call(reason desk.HandOverReason, why string, autopilot bool) plan {
	p := plan{outcome: outcomeHandedOver, reason: why, call: reason, notice: autopilot || t.spoke, finding: Finding{Decision: desk.DecideHandOver}}
	if !p.notice {
		p.outcome = outcomeFlagged
	}
	return p
}

// follow turns a finding into a plan.
func (t *turn) follow(f Finding, autopilot bool) plan {
	f = t.allowed(f)
	p := plan{outcome: outcomeSent, finding: f, body: f.Text, reason: f.Reason}
	if !autopilot {
		p.outcome = outcomeDrafted
	}
	switch {
	case f.Decision == desk.DecideNothing:
		return plan{outcome: outcomeNothing, finding: f, reason: f.Reason}
	case f.Decision == desk.DecideAnswer && f.Text != "" && f.Hold != "" && autopilot:
		return t.held(f)
	case f.Decision == desk.DecideAnswer && f.Text != "":
		if autopilot && f.Score < t.set.Confidence {
			p.outcome, p.reason = outcomeDrafted, "below_confidence"
		}
		return p
	case f.Decision == desk.DecideDidYouMean && len(f.Suggestions) > 0 && autopilot:
		p.body, p.buttons = t.askBack(f)
		return p
	}
	p = t.call(handOverReason(f), f.Reason, autopilot)
	p.finding = f
	p.finding.Decision = desk.DecideHandOver
	return p
}

// held plans a draft that did not stand every check, beside a call for a person:
// the contact hears of one at once.
func (t *turn) held(f Finding) plan {
	p := t.call(desk.LowConfidence, f.Hold, true)
	p.finding, p.body = f, f.Text
	p.finding.Decision = desk.DecideHandOver
	return p
}

func handOverReason(f Finding) desk.HandOverReason {
	switch r := desk.HandOverReason(f.Reason); r {
	case desk.AskedForPerson, desk.LowConfidence, desk.TopicRule:
		return r
	}
	return desk.NoAnswer
}
