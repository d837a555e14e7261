package intake

import (
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// errEarly says that a receipt names a message nobody knows yet.
var errEarly = &desk.Error{Code: desk.Unavailable, Reason: "receipt_early", Text: "the receipt names a message that is not known yet", Retry: true}

// everySeq is above every place in a conversation.
const everySeq = 1<<63 - 1

// fileReceipt moves messages forward; receipts overtake each other and the
// answers of the sends they report on.
func (in *Intake) fileReceipt(tx *store.Tx, f *filing, a *arrival) error {
	switch a.Receipt.Status {
	case desk.StatusDelivered, desk.StatusRead, desk.StatusFailed, desk.StatusSent:
	default:
		return desk.Fail(desk.Invalid, "bad_receipt", "a receipt says sent, delivered, read or failed")
	}
	for _, external := range a.Receipt.ExternalIDs {
		if err := in.receiptOf(tx, f, a, external); err != nil && !errors.Is(err, errErased) {
			return err
		}
	}
	if a.Receipt.UpTo <= 0 && a.Receipt.Watermark.IsZero() {
		return nil
	}
	return in.receiptUpTo(tx, f, a)
}

// receiptOf applies a receipt to the message that has a channel's id, as the
// whole of it or a piece.
func (in *Intake) receiptOf(tx *store.Tx, f *filing, a *arrival, external string) error {
	m, err := tx.MessageByExternalID(f.acct.ID, external)
	if desk.IsNotFound(err) && !a.Receipt.Watermark.IsZero() {
		return nil // the mark says it, too
	}
	if desk.IsNotFound(err) {
		return in.receiptByRef(tx, f, a, external)
	}
	if err != nil {
		return err
	}
	c, err := tx.LockConversation(m.Conversation)
	if err != nil {
		return err
	}
	if m, err = tx.LockMessage(m.ID); err != nil {
		return err
	}
	about, upTo := []desk.Message{m}, m.Seq
	if early := m.ExternalID != external; early && a.Receipt.Status != desk.StatusFailed {
		about, upTo = nil, m.Seq-1 // the message is there when its last piece is
	} else if early && m.Status != desk.StatusCancelled {
		about[0].Status = desk.StatusSent // that another piece arrived does not make it whole
	}
	if a.Receipt.Earlier {
		if about, err = tx.Unreceipted(c.ID, upTo); err != nil {
			return err
		}
	}
	return in.advance(tx, c, about, a.Receipt)
}

// receiptByRef decides a send whose outcome is open: that the channel reports on
// it proves that it took it. A piece that is not the last proves only itself.
func (in *Intake) receiptByRef(tx *store.Tx, f *filing, a *arrival, external string) error {
	c, m, last, err := in.byRef(tx, f, a.Receipt.Ref)
	if desk.IsNotFound(err) {
		return in.early(tx, f, external)
	}
	if err != nil {
		return err
	}
	if err := in.left(tx, c, m, heardOf{external, last}); err != nil {
		return err
	}
	if !last && a.Receipt.Status != desk.StatusFailed {
		return nil
	}
	if m, err = tx.LockMessage(m.ID); err != nil {
		return err
	}
	return in.advance(tx, c, []desk.Message{m}, a.Receipt)
}

func (in *Intake) receiptUpTo(tx *store.Tx, f *filing, a *arrival) error {
	c, err := in.found(tx, f, a)
	if desk.IsNotFound(err) {
		return nil // of a conversation that is gone
	}
	if err != nil {
		return err
	}
	upTo := a.Receipt.UpTo
	if upTo <= 0 {
		upTo = everySeq
	}
	open, err := tx.Unreceipted(c.ID, upTo)
	if err != nil {
		return err
	}
	within := open[:0]
	for _, m := range open {
		// A provider's mark has no more than milliseconds.
		if a.Receipt.Watermark.IsZero() || !m.SentAt.Truncate(time.Millisecond).After(a.Receipt.Watermark) {
			within = append(within, m)
		}
	}
	return in.advance(tx, c, within, a.Receipt)
}

// advance applies a receipt to messages of the locked conversation c.
func (in *Intake) advance(tx *store.Tx, c store.Row, all []desk.Message, r desk.Receipt) error {
	failed := false
	for _, m := range all {
		if m.Direction != desk.Out {
			continue
		}
		next, moved := m.Status.Advance(r.Status)
		if !moved {
			continue
		}
		m.Status = next
		m.ErrorCode, m.ErrorText = "", ""
		if next == desk.StatusFailed {
			m.ErrorCode, m.ErrorText, failed = r.ErrorCode, r.ErrorText, true
			c.Undisclosed(m)
		}
		if m.SentAt.IsZero() {
			m.SentAt = tx.Now()
		}
		if err := tx.MarkMessage(c.Contact, m); err != nil {
			return err
		}
		if err := in.Flow.Emit(tx, desk.Event{Kind: desk.MessageChanged, Conversation: c.ID, Message: m.ID, Seq: m.Seq}); err != nil {
			return err
		}
	}
	if !failed {
		return nil
	}
	c.SendFailed = true
	c.Version++
	return in.changed(tx, c)
}

func (in *Intake) changed(tx *store.Tx, c store.Row) error {
	if err := tx.SaveConversation(c); err != nil {
		return err
	}
	return in.Flow.Emit(tx, desk.Event{Kind: desk.ConversationChanged, Conversation: c.ID})
}

// found is the conversation with the sender, desk.NotFound when they never
// wrote.
func (in *Intake) found(tx *store.Tx, f *filing, a *arrival) (store.Row, error) {
	i, err := in.sender(tx, f, a)
	if err != nil {
		return store.Row{}, err
	}
	return tx.NewestConversation(i.Contact, f.acct.ID)
}

// fileEnd closes the conversation that the contact ended.
func (in *Intake) fileEnd(tx *store.Tx, f *filing, a *arrival) error {
	c, err := in.found(tx, f, a)
	if desk.IsNotFound(err) || err == nil && c.State == desk.Closed {
		return nil
	}
	if err != nil {
		return err
	}
	line := desk.Message{Direction: desk.None, Author: desk.Author{Kind: desk.FromContact, ID: c.Contact}, Kind: desk.KindEvent,
		Event: desk.EventEnded, Status: desk.StatusDelivered, ExternalID: a.ExternalID, At: a.At}
	if err := tx.AppendMessage(&c, &line); desk.CodeOf(err) == desk.Conflict {
		return errRepeat
	} else if err != nil {
		return err
	}
	hadDraft := c.DraftReady
	c.Close()
	if hadDraft {
		if _, err := tx.DropDrafts(c.ID); err != nil {
			return err
		}
		if err := in.Flow.Emit(tx, desk.Event{Kind: desk.DraftGone, Conversation: c.ID}); err != nil {
			return err
		}
	}
	if err := in.Flow.Emit(tx, desk.Event{Kind: desk.MessageAdded, Conversation: c.ID, Message: line.ID, Seq: line.Seq}); err != nil {
		return err
	}
	return in.changed(tx, c)
}

// fileProfile notes name and e-mail of somebody who wrote before: a name alone
// makes no contact, or it would outlive every chat.
func (in *Intake) fileProfile(tx *store.Tx, f *filing, a *arrival) error {
	i, err := in.sender(tx, f, a)
	if desk.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return in.tell(tx, i.Contact, a)
}

// fileConsent keeps or frees a visitor's chat (decision 12 of the product page).
func (in *Intake) fileConsent(tx *store.Tx, f *filing, a *arrival) error {
	c, err := in.found(tx, f, a)
	if desk.IsNotFound(err) {
		return nil // nothing was kept of this visitor
	}
	if err != nil {
		return err
	}
	switch a.Consent {
	case desk.ConsentGranted:
		if c.EraseAt.IsZero() {
			break
		}
		c.EraseAt = time.Time{}
		c.Version++
		if err := in.changed(tx, c); err != nil {
			return err
		}
	case desk.ConsentWithdrawn, desk.ConsentRefused:
		if in.Visits != nil {
			return in.Visits.Forget(tx, c.Contact)
		}
		return nil
	case desk.ConsentUnknown:
		return nil
	default:
		return desk.Fail(desk.Invalid, "bad_consent", "consent is unknown, granted, refused or withdrawn")
	}
	if in.Visits != nil && a.Session != nil {
		return in.Visits.Note(tx, c.Contact, c.ID, *a.Session)
	}
	return nil
}
