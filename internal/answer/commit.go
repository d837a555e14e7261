package answer

import (
	"slices"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Outcomes of a turn, for its record.
const (
	outcomeSent       = "sent"
	outcomeDrafted    = "drafted"
	outcomeHandedOver = "handed_over"
	outcomeFlagged    = "flagged"
	outcomeNothing    = "nothing"
)

// locale is the language of Parley's own words towards the contact.
func (t *turn) locale() string {
	for _, l := range []string{t.conv.Language, t.contact.Language} {
		if i18n.Known(l) {
			return l
		}
	}
	return t.ws.Locale
}

func (t *turn) say(key string) string {
	return i18n.T(t.locale(), key, map[string]string{"business": t.ws.Name})
}

func (t *turn) greet(autopilot bool) plan {
	p := plan{outcome: outcomeSent, reason: "greeting", body: t.say("greeting.ai"),
		finding: Finding{Decision: desk.DecideAnswer, Language: t.locale(), Confidence: "high"}}
	if !autopilot { // a person greets in their own words
		return plan{outcome: outcomeFlagged, reason: "greeting", call: desk.AIOff}
	}
	return p
}

// suggestions is how many passages a "did you mean" offers beside a person.
const suggestions = desk.MaxButtons - 1

func (t *turn) askBack(f Finding) (string, []desk.Button) {
	var buttons []desk.Button
	for _, s := range f.Suggestions[:min(len(f.Suggestions), suggestions)] {
		buttons = append(buttons, desk.Button{ID: passageChoice + s.Passage.String(), Label: text.Cut(s.Label, desk.MaxLabel)})
	}
	buttons = append(buttons, desk.Button{ID: personChoice, Label: t.say("choice.person")})
	return t.say("did_you_mean"), buttons
}

// commit writes a plan, or answers errMoved when the conversation is not as it
// was looked at. An AI message carries both epochs on, and deliver compares
// them once more when it leaves.
func (a *Answer) commit(tx *store.Tx, t *turn, p plan, took int64) error {
	c, err := tx.LockConversation(t.conv.ID)
	if desk.IsNotFound(err) {
		return errMoved
	}
	if err != nil {
		return err
	}
	ws, err := tx.HoldSettings()
	if err != nil {
		return err
	}
	if c.Version != t.conv.Version || c.OwnerEpoch != t.conv.OwnerEpoch || ws.AIEpoch != t.ws.AIEpoch {
		return errMoved
	}
	who, err := tx.Contact(c.Contact)
	if err != nil {
		return err
	}
	if who.Silent() != t.contact.Silent() {
		return errMoved // frozen or restricted while the answer was made
	}
	run := t.run(tx, p, took)
	if p.outcome != outcomeDrafted {
		if err := a.dropDraft(tx, &c); err != nil {
			return err
		}
	}
	switch {
	case p.request != (Request{}):
		err = a.hear(tx, &c, t, p.request)
	case p.outcome == outcomeSent:
		err = a.speak(tx, &c, t, p, run.ID)
	case p.outcome == outcomeDrafted:
		err = a.propose(tx, &c, p, run.ID)
	case p.outcome == outcomeHandedOver:
		err = a.handOver(tx, &c, t, p, run.ID)
	case p.outcome == outcomeFlagged:
		c.Flag(p.call, tx.Now())
		err = a.changed(tx, c)
	default:
		err = tx.SaveConversation(c)
	}
	if err != nil {
		return err
	}
	if err := tx.InsertRun(c.Contact, run); err != nil {
		return err
	}
	if err := a.missed(tx, t, run); err != nil {
		return err
	}
	return a.keepCalls(tx, t, run.ID, p.finding.calls)
}

func (t *turn) run(tx *store.Tx, p plan, took int64) desk.Run {
	f := p.finding
	run := desk.Run{ID: tx.NewID(), Conversation: t.conv.ID, Trigger: t.newest().ID, Decision: f.Decision,
		Outcome: p.outcome, Reason: p.reason, Engine: f.Engine, Passages: []desk.ID{}, Scores: []float64{}, Meant: []desk.Nearness{}, Checks: f.Checks, Micros: took,
		Settings: t.set.Version, Confidence: f.Score, Language: f.Language, About: t.abouts(), Engagement: t.conv.Engagement}
	if run.Decision == "" {
		run.Decision = desk.DecideNothing
	}
	for _, seen := range f.Passages {
		run.Passages, run.Scores, run.Meant = append(run.Passages, seen.Ref.PassageID), append(run.Scores, seen.Score), append(run.Meant, seen.Near)
	}
	for _, c := range f.calls {
		run.Call.Vendor, run.Call.Model = c.Vendor, c.Model
		run.Call.In, run.Call.Out, run.Call.Micros = run.Call.In+c.In, run.Call.Out+c.Out, run.Call.Micros+c.Micros
	}
	return run
}

// abouts are the names of what the burst is about.
func (t *turn) abouts() desk.About {
	out := desk.About{Topics: t.about.Topics}
	for _, m := range t.about.Special {
		if !slices.Contains(out.Special, m.Category) {
			out.Special = append(out.Special, m.Category)
		}
	}
	return out
}

// keepCalls writes what went to models and came back beside its turn. What is
// special about a person never got that far.
func (a *Answer) keepCalls(tx *store.Tx, t *turn, run desk.ID, calls []call) error {
	for _, c := range calls {
		err := tx.InsertAILog(store.AILog{ID: tx.NewID(), Conversation: t.conv.ID, Contact: t.conv.Contact, Run: run, Call: c.Call, Body: c.log})
		if err != nil {
			return err
		}
	}
	return nil
}

// speak queues an AI message.
func (a *Answer) speak(tx *store.Tx, c *store.Row, t *turn, p plan, run desk.ID) error {
	m := desk.Message{Direction: desk.Out, Author: desk.Author{Kind: desk.FromAI}, Kind: desk.KindText, Status: desk.StatusQueued,
		Body: desk.Body(text.Normalise(p.body, desk.MaxBody)), Buttons: p.buttons, Sources: p.finding.Sources, Run: run,
		OwnerEpoch: c.OwnerEpoch, AIEpoch: t.ws.AIEpoch}
	if err := tx.AppendMessage(c, &m); err != nil {
		return err
	}
	c.AIReplied()
	if err := tx.SaveConversation(*c); err != nil {
		return err
	}
	return a.Flow.Emit(tx, desk.Event{Kind: desk.MessageQueued, Conversation: c.ID, Message: m.ID, Seq: m.Seq})
}

// propose leaves a draft for a person.
func (a *Answer) propose(tx *store.Tx, c *store.Row, p plan, run desk.ID) error {
	c.Proposed()
	d := desk.Draft{ID: tx.NewID(), Conversation: c.ID, Body: desk.Body(text.Normalise(p.body, desk.MaxBody)), Language: p.finding.Language,
		Confidence: p.finding.Confidence, Decision: p.finding.Decision, Sources: p.finding.Sources, Run: run, Version: c.Version}
	if err := tx.PutDraft(*c, d); err != nil {
		return err
	}
	if err := tx.SaveConversation(*c); err != nil {
		return err
	}
	return a.Flow.Emit(tx, desk.Event{Kind: desk.DraftReady, Conversation: c.ID, Object: d.ID})
}

// dropDraft removes a draft that a newer message made old.
func (a *Answer) dropDraft(tx *store.Tx, c *store.Row) error {
	if !c.DraftReady {
		return nil
	}
	c.DraftReady = false
	if _, err := tx.DropDrafts(c.ID); err != nil {
		return err
	}
	return a.Flow.Emit(tx, desk.Event{Kind: desk.DraftGone, Conversation: c.ID})
}

// handOver calls a person and tells the contact.
func (a *Answer) handOver(tx *store.Tx, c *store.Row, t *turn, p plan, run desk.ID) error {
	c.CallPerson(p.call, tx.Now())
	if p.off {
		c.SetMode(desk.ModeOff)
	}
	if p.body != "" {
		if err := a.propose(tx, c, p, run); err != nil {
			return err
		}
	}
	if p.notice {
		notice := desk.Message{Direction: desk.Out, Author: desk.Author{Kind: desk.FromSystem}, Kind: desk.KindText,
			Status: desk.StatusQueued, Body: desk.Body(t.say(noticeKey(p.call)))}
		if err := tx.AppendMessage(c, &notice); err != nil {
			return err
		}
		if err := a.Flow.Emit(tx, desk.Event{Kind: desk.MessageQueued, Conversation: c.ID, Message: notice.ID, Seq: notice.Seq}); err != nil {
			return err
		}
	}
	line := desk.Message{Direction: desk.None, Author: desk.Author{Kind: desk.FromAI}, Kind: desk.KindEvent, Event: desk.EventHandOver,
		EventReason: string(p.call), Status: desk.StatusDelivered}
	if err := tx.AppendMessage(c, &line); err != nil {
		return err
	}
	if err := a.Flow.Emit(tx, desk.Event{Kind: desk.MessageAdded, Conversation: c.ID, Message: line.ID, Seq: line.Seq}); err != nil {
		return err
	}
	if err := a.Flow.Emit(tx, desk.Event{Kind: desk.PersonCalled, Conversation: c.ID, Message: line.ID}); err != nil {
		return err
	}
	return a.changed(tx, *c)
}

func noticeKey(r desk.HandOverReason) string {
	switch r {
	case desk.AskedForPerson:
		return "handover.asked"
	case desk.NoAnswer, desk.LowConfidence:
		return "handover.no_answer"
	}
	return "handover.notice"
}

func (a *Answer) changed(tx *store.Tx, c store.Row) error {
	if err := tx.SaveConversation(c); err != nil {
		return err
	}
	return a.Flow.Emit(tx, desk.Event{Kind: desk.ConversationChanged, Conversation: c.ID})
}
