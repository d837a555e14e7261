package intake

import (
	"cmp"
	"slices"
	"strings"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/store"
)

// fileEcho files what the business itself said elsewhere. Our own sends are
// known by id, before or after the answer of the call; what somebody typed on
// the owner's phone is stored once and takes the conversation over.
func (in *Intake) fileEcho(tx *store.Tx, f *filing, a *arrival) error {
	if a.Echo == nil {
		return desk.Fail(desk.Invalid, "bad_item", "an echo that says nothing of its sender")
	}
	known, err := tx.MessageByExternalID(f.acct.ID, a.ExternalID)
	if err == nil {
		return in.heard(tx, known, a)
	}
	if !desk.IsNotFound(err) {
		return err
	}
	if gone, err := tx.Dropped(f.acct.ID, a.ExternalID); gone || err != nil {
		return cmp.Or(err, error(errErased))
	}
	switch a.Echo.Of {
	case desk.EchoOwn:
		return in.ownEcho(tx, f, a)
	case desk.EchoUnsaid:
		ours, err := in.openSend(tx, f, a)
		if err != nil || ours {
			return err
		}
		if f.item.Attempt < graceTries {
			return errEarly // the answer of our own call may still be on its way
		}
	}
	return in.foreignEcho(tx, f, a)
}

// heard takes the provider's time of an own message: what is later said of
// everything up to a time is said by the provider's clock.
func (in *Intake) heard(tx *store.Tx, m desk.Message, a *arrival) error {
	if m.Direction != desk.Out || a.Echo.Of == desk.EchoPerson || m.SentAt.Equal(a.At) || m.SentAt.IsZero() {
		return errRepeat
	}
	c, err := tx.LockConversation(m.Conversation)
	if err != nil {
		return err
	}
	if m, err = tx.LockMessage(m.ID); err != nil {
		return err
	}
	m.SentAt = a.At
	return tx.MarkMessage(c.Contact, m)
}

// openSend finds the send of ours that an echo without a sender belongs to: one
// whose outcome is open and that says the same. One whose call is under way
// waits for its answer.
func (in *Intake) openSend(tx *store.Tx, f *filing, a *arrival) (bool, error) {
	c, err := in.found(tx, f, a)
	if desk.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	last, err := tx.MessagesBefore(c.ID, 0, lookBack)
	if err != nil {
		return false, err
	}
	for _, m := range last {
		ours, whole := says(m, string(a.Text))
		if !ours {
			ours, whole = carries(m, a)
		}
		if m.Direction != desk.Out || !ours {
			continue
		}
		if m.Status == desk.StatusSending {
			return false, errEarly
		}
		if m.Status == desk.StatusUnknown {
			return true, in.left(tx, c, m, heardOf{a.ExternalID, whole})
		}
	}
	return false, nil
}

// says reports whether an echo's text is that of a message of ours: the whole,
// the whole behind the mark of the AI, or a piece too long to be anybody's own
// words by chance. A short "ok" from the owner's phone is never taken for ours.
// whole: it is the end of the message, before which all else left.
func says(m desk.Message, echo string) (ours, whole bool) {
	body := string(m.Body)
	if body == "" || echo == "" {
		return false, false
	}
	whole = echo == body || m.Author.Kind == desk.FromAI && strings.HasSuffix(echo, body) ||
		len(echo) >= longPiece && strings.HasSuffix(body, echo)
	return whole || len(echo) >= longPiece && strings.Contains(body, echo), whole
}

// carries reports whether an echo without words may be files of a message of
// ours: each of a kind that the message has. Such an echo tells no more, and one
// whose send is open is likelier ours than the owner's.
func carries(m desk.Message, a *arrival) (ours, whole bool) {
	if a.Text != "" || len(a.Media) == 0 {
		return false, false
	}
	for _, theirs := range a.Media {
		if !slices.ContainsFunc(m.Files, func(ours desk.MediaRef) bool { return ours.Kind == theirs.Kind }) {
			return false, false
		}
	}
	return true, m.Body == "" && len(m.Files) <= len(a.Media)
}

// longPiece is the length, in bytes, from which a part of a message names it.
const longPiece = 60

// lookBack is how many messages an echo is compared with.
const lookBack = 20

// heardOf is a piece that left: the channel's id of it, and whether it was the
// last of its message.
type heardOf struct {
	external string
	last     bool
}

// left notes that a piece of a send whose outcome was open did leave. With the
// last one the whole message did; until then its outcome stays open.
func (in *Intake) left(tx *store.Tx, c store.Row, m desk.Message, h heardOf) error {
	m, err := tx.LockMessage(m.ID)
	if err != nil {
		return err
	}
	if m.ExternalID != "" || !h.last {
		return tx.AddPiece(c.Account, m, h.external)
	}
	if err := tx.SetExternalID(c.Contact, m, h.external); err != nil {
		return err
	}
	return in.advance(tx, c, []desk.Message{m}, desk.Receipt{Status: desk.StatusSent})
}

// graceTries is how often an echo that may be ours waits for the send it may
// belong to.
const graceTries = 3

// ownEcho decides a send whose outcome is open: the echo proves that it left.
func (in *Intake) ownEcho(tx *store.Tx, f *filing, a *arrival) error {
	c, m, last, err := in.byRef(tx, f, a.Echo.Ref)
	if desk.IsNotFound(err) {
		return nil // of a channel that carries no word, or of another install: nothing to decide
	}
	if err != nil {
		return err
	}
	return in.left(tx, c, m, heardOf{a.ExternalID, last})
}

// byRef finds the message of ours that a channel names by the word it was sent
// with, locked with its conversation; desk.NotFound when there is none, errEarly
// while its call is under way and will say so itself.
func (in *Intake) byRef(tx *store.Tx, f *filing, ref string) (c store.Row, m desk.Message, last bool, err error) {
	name, last := channel.PieceOf(ref)
	id, err := desk.ParseID(name)
	if err != nil {
		return c, m, last, desk.Fail(desk.NotFound, "no_ref", "this names no message")
	}
	if m, err = tx.Message(id); err != nil {
		return c, m, last, err
	}
	if c, err = tx.LockConversation(m.Conversation); err != nil {
		return c, m, last, err
	}
	if m.Direction != desk.Out || c.Account != f.acct.ID {
		return c, m, last, desk.Fail(desk.NotFound, "no_ref", "this names a message of another account")
	}
	if m, err = tx.LockMessage(id); err == nil && m.Status == desk.StatusSending {
		err = errEarly
	}
	return c, m, last, err
}

func (in *Intake) foreignEcho(tx *store.Tx, f *filing, a *arrival) error {
	contact, fresh, err := in.contact(tx, f, a)
	if err != nil {
		return err
	}
	c, err := in.conversation(tx, f, a, contact, fresh)
	if err != nil {
		return err
	}
	m := messageOf(a, contact)
	m.Direction, m.Status, m.SentAt = desk.Out, desk.StatusSent, a.At
	m.Author = desk.Author{Kind: desk.FromMember, Name: f.acct.Name}
	person := a.Echo.Of != desk.EchoProgram
	if !person {
		m.Author = desk.Author{Kind: desk.FromSystem, Name: a.Echo.App}
	}
	if err := tx.AppendMessage(&c, &m); err != nil {
		return err
	}
	if err := in.expects(tx, c, m); err != nil {
		return err
	}
	if person && !f.acct.Older(a.At) {
		c.TakeOver(0)
		c.Replied()
		if err := in.quiet(tx, &c); err != nil {
			return err
		}
	}
	if err := in.changed(tx, c); err != nil {
		return err
	}
	return in.rewritten(tx, m, desk.MessageAdded)
}
