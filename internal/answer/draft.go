package answer

import (
	"context"
	"errors"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// Regenerate asks for a new draft in a conversation, whoever holds it; it comes
// as draft.ready, or draft.gone when the knowledge says nothing. A contact who
// objected to automation or is restricted is desk.Forbidden.
func (a *Answer) Regenerate(ctx context.Context, ws, conversation desk.ID) error {
	return a.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(conversation)
		if err != nil {
			return err
		}
		who, err := tx.Contact(c.Contact)
		if err != nil {
			return err
		}
		if who.Silent() {
			return desk.Fail(desk.Forbidden, "no_automation", "the contact's data may not be used for automatic drafts")
		}
		return a.Flow.Add(tx, flow.Item{Kind: DraftWork, Key: conversation, Conversation: conversation})
	})
}

// draft writes the draft a member asked for: on what waits for an answer, or
// else on the last thing the contact said.
func (a *Answer) draft(ctx context.Context, job *flow.Job) error {
	for _, item := range job.Items {
		if err := a.draftOne(ctx, job, item); err != nil {
			return err
		}
	}
	return nil
}

func (a *Answer) draftOne(ctx context.Context, job *flow.Job, item flow.Item) error {
	t, err := a.look(ctx, item.Workspace, item.Conversation)
	if desk.IsNotFound(err) {
		return a.finish(ctx, job, item, nil)
	}
	if err != nil {
		return err
	}
	if len(t.pending) == 0 {
		if err := a.lastSaid(ctx, t); err != nil {
			return err
		}
	}
	if len(t.pending) == 0 || t.contact.Silent() {
		return a.finish(ctx, job, item, nil)
	}
	begin := a.DB.Clock().Now()
	p := plan{outcome: outcomeNothing, reason: "no_draft"}
	t.readTopics()
	f, err := a.compose(ctx, t.asking(desk.AISuggest))
	if f = t.allowed(f); err == nil && f.Decision == desk.DecideAnswer && f.Text != "" {
		p = plan{outcome: outcomeDrafted, reason: "asked", finding: f, body: f.Text}
	}
	took := a.DB.Clock().Since(begin).Microseconds()
	err = a.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error {
		if err := a.commit(tx, t, p, took); err != nil {
			return err
		}
		if p.outcome == outcomeNothing {
			if err := a.Flow.Emit(tx, desk.Event{Kind: desk.DraftGone, Conversation: t.conv.ID}); err != nil {
				return err
			}
		}
		return job.Finish(tx, item)
	})
	if errors.Is(err, errMoved) {
		return desk.Fail(desk.Conflict, "moving", "the conversation changed; the draft is written again")
	}
	return err
}

// lastSaid makes the contact's last message the question.
func (a *Answer) lastSaid(ctx context.Context, t *turn) error {
	return a.DB.In(t.conv.Workspace).Read(ctx, func(r *store.Rx) error {
		t.pending = nil
		newest, err := r.MessagesBefore(t.conv.ID, 0, lookBack)
		for _, m := range newest {
			if m.Direction == desk.In && m.Body != "" && !m.Deleted {
				t.pending = []desk.Message{m}
				break
			}
		}
		return err
	})
}
