package deliver

import (
	"context"
	"errors"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// enter is the transaction that marks a message sending, or decides that it is
// not sent: then out is nil and the item is finished, or waits says that its
// turn is later and the lane was given back.
//
// It locks the conversation and holds the workspace: a take-over or a pause
// commits either before (the epochs differ and the message is cancelled) or
// after (it was sent before).
func (d *Deliver) enter(ctx context.Context, job *flow.Job, item flow.Item) (out *outgoing, waits bool, err error) {
	turn := &turn{}
	err = d.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error {
		out, waits = nil, false // the closure may run again
		next, err := d.consider(tx, item, turn)
		switch {
		case err != nil:
			return err
		case next == nil && !turn.later.IsZero():
			waits = true
			return job.Later(tx, item, turn.later)
		case next == nil:
			return job.Finish(tx, item)
		}
		job.Check(tx)
		out = next
		return nil
	})
	return out, waits, err
}

// turn is what became of a message's wish to leave. It outlives a closure that
// runs again, so that no turn is taken twice.
type turn struct {
	taken bool
	later time.Time
}

func (d *Deliver) consider(tx *store.Tx, item flow.Item, t *turn) (*outgoing, error) {
	c, err := tx.LockConversation(item.Conversation)
	if desk.IsNotFound(err) {
		return nil, nil // erased while it waited
	}
	if err != nil {
		return nil, err
	}
	m, err := tx.LockMessage(item.Message)
	if desk.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ws, err := tx.HoldSettings()
	if err != nil {
		return nil, err
	}
	acct, err := tx.Account(c.Account)
	if desk.IsNotFound(err) {
		acct.State, err = desk.AccountOff, nil
	}
	if err != nil {
		return nil, err
	}
	out := &outgoing{item: item, conv: c.Conversation, acct: channel.Account{Account: acct}}
	switch status, cause := d.verdict(out, m, ws, tx); {
	case status == desk.StatusSending && !d.comesNow(t, out, m):
		return nil, nil
	case status == desk.StatusSending:
		return out, d.mark(tx, &c, m, ws, out)
	case status != "":
		return nil, d.put(tx, &c, m, status, cause)
	}
	return nil, nil
}

// comesNow reports whether a message may leave now, and takes its turn.
func (d *Deliver) comesNow(t *turn, out *outgoing, m desk.Message) bool {
	if !t.taken {
		out.message = m
		t.later = d.turn(out)
		t.taken = t.later.IsZero()
	}
	return t.taken
}

// verdict decides what becomes of a message: sending, another status it gets
// instead, or "" when nothing is left to do.
func (d *Deliver) verdict(out *outgoing, m desk.Message, ws desk.Workspace, tx *store.Tx) (desk.Status, error) {
	if m.Direction != desk.Out || (m.Status != desk.StatusQueued && m.Status != desk.StatusSending) {
		return "", nil
	}
	if m.Deleted {
		return desk.StatusCancelled, nil
	}
	c, err := d.Channels.Find(out.acct.Kind)
	if err != nil || out.acct.State == desk.AccountOff || out.acct.State == desk.AccountGone {
		return desk.StatusFailed, desk.Fail(desk.Forbidden, "channel_off", "the channel is switched off or was removed")
	}
	out.channel = c
	if err := out.open(&tx.Rx); err != nil {
		return desk.StatusFailed, err
	}
	skills := channel.SkillsOf(c, out.acct.Account)
	if m.Status == desk.StatusSending && !skills.Idempotent {
		return desk.StatusUnknown, nil // somebody stopped between sending and noting the answer
	}
	if ok, err := tx.Entitled(c.Info().Entitlement); err != nil || !ok {
		return desk.StatusFailed, errors.Join(err, desk.Fail(desk.NotEntitled, "not_entitled", "the workspace's plan does not include this channel any more"))
	}
	if out.acct.State == desk.AccountReconnect {
		return desk.StatusFailed, desk.Fail(desk.Forbidden, "reconnect_needed", "the channel has to be connected again")
	}
	if !desk.StillMaySend(m, out.conv, ws) {
		return desk.StatusCancelled, nil
	}
	if ws.Suspended {
		return desk.StatusFailed, desk.Fail(desk.Forbidden, "workspace_suspended", "the workspace is suspended: nothing leaves it")
	}
	if ws.Closed() {
		return desk.StatusFailed, desk.Fail(desk.Forbidden, "workspace_closed", "the workspace is closed: nothing leaves it")
	}
	who, err := tx.Contact(out.conv.Contact)
	if err == nil && who.Stored() {
		err = desk.MayUse(desk.ForReply, ws, who)
	}
	if err != nil {
		return desk.StatusFailed, err
	}
	if err := mayLeave(tx, out, m, skills); err != nil {
		return desk.StatusFailed, err
	}
	if m.Kind != desk.KindTemplate && !fits(composed(m, skills, ""), skills) {
		return desk.StatusFailed, desk.Fail(desk.Invalid, "too_long", "the text is longer than the channel takes")
	}
	if err := d.fileFits(&tx.Rx, m, skills); err != nil {
		return desk.StatusFailed, err
	}
	if err = out.address(&tx.Rx, m); err != nil {
		return desk.StatusFailed, err
	}
	out.tagged = desk.TaggedHuman(out.conv, m.Author.Kind, skills, tx.Now())
	return desk.StatusSending, nil
}

// mayLeave holds a message against its window; a template needs none.
func mayLeave(tx *store.Tx, out *outgoing, m desk.Message, skills desk.Skills) error {
	if m.Kind == desk.KindTemplate {
		return template(&tx.Rx, out, m, tx.Now())
	}
	return desk.MaySend(out.conv, m.Author.Kind, skills, tx.Now())
}

// open adds what an account connected at a provider has beside its row.
func (o *outgoing) open(r *store.Rx) error {
	if len(o.channel.Info().Ways) == 0 {
		return nil
	}
	card, err := r.Card(o.acct.ID)
	if err != nil {
		return err
	}
	o.acct.Details = card.Details
	o.acct.Secrets, err = r.Secrets(o.acct.ID)
	return err
}

// address finds who the message is for, by every id they have on this account,
// and which message it answers.
func (o *outgoing) address(r *store.Rx, m desk.Message) error {
	all, err := r.Identities(o.conv.Contact)
	if err != nil {
		return err
	}
	o.also = nil
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Account == o.conv.Account {
			o.also = append(o.also, all[i])
		}
	}
	if len(o.also) == 0 {
		return desk.Fail(desk.NotFound, "no_address", "the contact has no address on this channel any more")
	}
	o.to, o.also = o.also[0], o.also[1:]
	if m.ReplyTo == 0 {
		return nil
	}
	to, err := r.Message(m.ReplyTo)
	o.replyTo = to.ExternalID
	if desk.IsNotFound(err) {
		return nil
	}
	return err
}

// mark writes status sending and, on the first AI message of the engagement,
// the disclosure: here and not when it was written, because a message written
// first may be cancelled and the next one leave in its place.
func (d *Deliver) mark(tx *store.Tx, c *store.Row, m desk.Message, ws desk.Workspace, out *outgoing) error {
	skills := channel.SkillsOf(out.channel, out.acct.Account)
	first := m.Author.Kind == desk.FromAI && m.Status == desk.StatusQueued && !m.Disclosed && c.Discloses()
	if first {
		m.Disclosed = true
		m.Body = disclosed(m.Body, locale(c.Conversation, ws), ws.Name)
	}
	out.locale = locale(c.Conversation, ws)
	out.text = composed(m, skills, out.locale)
	if first {
		if err := tx.SetBody(c.Contact, m); err != nil {
			return err
		}
		if err := tx.SaveConversation(*c); err != nil {
			return err
		}
	}
	// Before the call: a receipt up to a time may be on its way before the answer.
	m.Status, m.SentAt = desk.StatusSending, tx.Now()
	out.message = m
	if err := tx.MarkMessage(c.Contact, m); err != nil {
		return err
	}
	return d.emit(tx, desk.MessageChanged, m)
}
