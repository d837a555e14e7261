package intake

import (
	"encoding/json"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/id"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// update brings the conversation's language, window and end up to date; it
// reports whether the arrival tells something of the person.
func (in *Intake) update(tx *store.Tx, f *filing, a *arrival, c *store.Row) bool {
	spoke := a.language != "" && a.language != c.Language
	if spoke {
		c.Language = a.language
	}
	c.Opened(a.Arrival, f.skills)
	c.EraseAt = eraseAt(*c, f, a, tx.Now())
	return spoke || a.Name != "" || a.Email != ""
}

// fileMessage files a message, or the wish for a person, under its contact and
// conversation.
func (in *Intake) fileMessage(tx *store.Tx, f *filing, a *arrival) error {
	if f.seen.repeats(a.ExternalID) {
		return errRepeat
	}
	if err := in.deleted(tx, f, a.ExternalID); err != nil {
		return err
	}
	contact, fresh, err := in.contact(tx, f, a)
	if err != nil {
		return err
	}
	c, err := in.conversation(tx, f, a, contact, fresh)
	if err != nil {
		return err
	}
	m, err := in.placed(tx, f, a, c)
	if err != nil {
		return err
	}
	c.Arrived(a.At)
	appendTo := tx.AppendMessage
	if f.seen != nil {
		appendTo = tx.AppendSoon
	}
	if err := appendTo(&c, &m); desk.CodeOf(err) == desk.Conflict {
		if fresh || c.LastSeq == 0 {
			return errUndo
		}
		return errRepeat
	} else if err != nil {
		return err
	}
	if err := in.expects(tx, c, m); err != nil {
		return err
	}
	told := in.update(tx, f, a, &c)
	if err := tx.SaveConversation(c); err != nil {
		return err
	}
	f.seen.filed(c, a.ExternalID)
	if !fresh && told {
		if err := in.tell(tx, contact, a); err != nil {
			return err
		}
	}
	if in.Visits != nil && a.Session != nil {
		if err := in.Visits.Note(tx, contact, c.ID, *a.Session); err != nil {
			return err
		}
	}
	if err := in.heeds(tx, f, a, contact); err != nil {
		return err
	}
	if err := in.aged(tx, contact, m); err != nil {
		return err
	}
	return in.announce(tx, a, c, m)
}

// announce tells the screens, and whoever answers.
func (in *Intake) announce(tx *store.Tx, a *arrival, c store.Row, m desk.Message) error {
	kind := desk.MessageArrived
	if a.Standby || !begins(a.Kind) { // shown, and answered by nobody of ours
		kind = desk.MessageAdded
	}
	return in.Flow.Emit(tx, desk.Event{Kind: kind, Conversation: c.ID, Message: m.ID, Seq: m.Seq})
}

// deleted is errErased for the channel's id of a message whose conversation was
// deleted: what is delivered again brings nothing back. A survey that looked the id
// up knows it without being asked.
func (in *Intake) deleted(tx *store.Tx, f *filing, external string) error {
	if f.seen.lookedUp(external) {
		return nil
	}
	gone, err := tx.Dropped(f.acct.ID, external)
	if err == nil && gone {
		err = errErased
	}
	return err
}

// aged lets who looks for the too young see a message.
func (in *Intake) aged(tx *store.Tx, contact desk.ID, m desk.Message) error {
	if in.Ages == nil {
		return nil
	}
	return in.Ages.Arrived(tx, contact, m)
}

// placed is the message of an arrival with what ties it to its conversation.
func (in *Intake) placed(tx *store.Tx, f *filing, a *arrival, c store.Row) (desk.Message, error) {
	m := messageOf(a, c.Contact)
	if a.ReplyTo != "" {
		to, err := tx.MessageByExternalID(f.acct.ID, a.ReplyTo)
		if err != nil && !desk.IsNotFound(err) {
			return m, err
		}
		m.ReplyTo = to.ID
	}
	if err := in.numbered(tx, f, c, &m); err != nil {
		return m, err
	}
	if !c.LastAt.IsZero() && a.At.Sub(c.LastAt) >= silence {
		return m, in.asksProfile(tx, f, c.Contact)
	}
	return m, nil
}

// expects has the files of a message fetched: it never waits for them.
func (in *Intake) expects(tx *store.Tx, c store.Row, m desk.Message) error {
	if in.Files == nil || len(m.Files) == 0 {
		return nil
	}
	return in.Files.Expect(tx, c.Contact, m)
}

func messageOf(a *arrival, contact desk.ID) desk.Message {
	m := desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact, ID: contact}, Kind: a.MsgKind,
		Body: a.Text, Status: desk.StatusDelivered, ExternalID: a.ExternalID, At: a.At, More: a.Extra, Files: a.Media}
	switch a.Kind {
	case desk.ArrivedReferral, desk.ArrivedOptIn, desk.ArrivedFeedback:
		m.Kind = string(a.Kind)
	}
	if a.Kind == desk.ArrivedPerson {
		m.Direction, m.Kind, m.Event, m.Body = desk.None, desk.KindEvent, desk.EventAsked, ""
	}
	if a.Choice != "" {
		m.Kind = desk.KindChoice
		m.Buttons = []desk.Button{{ID: a.Choice, Label: text.Cut(string(a.Text), desk.MaxLabel)}}
	}
	return m
}

// sender is the identity an arrival comes from. What was sent before its sender
// was erased is errErased; the ledger is asked only where that can be: a contact
// made before the arrival was sent was not erased after it.
func (in *Intake) sender(tx *store.Tx, f *filing, a *arrival) (desk.Identity, error) {
	i, known := f.seen.identity(a.Sender)
	var err error
	if !known {
		i, err = in.identity(tx, f, a)
	}
	if err != nil && !desk.IsNotFound(err) || in.Ledger == nil || err == nil && a.At.After(id.Time(int64(i.Contact))) {
		return i, err
	}
	gone, asked := in.Ledger.Erased(tx, f.acct.ID, a.Sender, a.At)
	switch {
	case asked != nil:
		return i, asked
	case gone:
		return i, errErased
	}
	return i, err
}

// identity finds who an arrival's sender is, by any of their ids; those that
// were not known are kept for the next time.
func (in *Intake) identity(tx *store.Tx, f *filing, a *arrival) (desk.Identity, error) {
	i, err := tx.Identity(f.acct.ID, a.Sender)
	if !desk.IsNotFound(err) {
		return i, err
	}
	for _, other := range a.Aliases {
		found, e := tx.Identity(f.acct.ID, other.IdentityHint)
		if desk.IsNotFound(e) {
			continue
		}
		if e == nil {
			e = in.alias(tx, f, found.Contact, append([]desk.IdentityHint{a.Sender}, a.kept()...))
		}
		return found, e
	}
	return i, err
}

// kept are the further ids of the sender that are more than guesses.
func (a *arrival) kept() []desk.IdentityHint {
	var all []desk.IdentityHint
	for _, other := range a.Aliases {
		if !other.Guess {
			all = append(all, other.IdentityHint)
		}
	}
	return all
}

// contact finds who sent an arrival, or makes a contact of them.
func (in *Intake) contact(tx *store.Tx, f *filing, a *arrival) (contact desk.ID, fresh bool, err error) {
	i, err := in.sender(tx, f, a)
	if err == nil || !desk.IsNotFound(err) {
		return i.Contact, false, err
	}
	c := desk.Contact{ID: a.fresh, Name: a.Name, Email: a.Email, Language: a.language}
	if c.ID == 0 { // known while the part was prepared, erased since
		c.ID = tx.NewID()
	}
	if err := tx.InsertContact(c); err != nil {
		return 0, false, err
	}
	if err := setTerms(tx, c); err != nil {
		return 0, false, err
	}
	i = desk.Identity{ID: tx.NewID(), Contact: c.ID, Account: f.acct.ID, Kind: a.Sender.Kind, Value: a.Sender.Value}
	if err := tx.InsertIdentity(i); err != nil {
		return 0, false, err
	}
	f.seen.met(a.Sender, i)
	if a.Name == "" {
		if err := in.asksProfile(tx, f, c.ID); err != nil {
			return 0, false, err
		}
	}
	return c.ID, true, in.alias(tx, f, c.ID, a.kept())
}

// conversation is the one thread with a contact on a channel account.
func (in *Intake) conversation(tx *store.Tx, f *filing, a *arrival, contact desk.ID, fresh bool) (store.Row, error) {
	if c, known := f.seen.talk(contact); known {
		return c, nil
	}
	var c store.Row
	if !fresh {
		var err error
		if c, err = tx.NewestConversation(contact, f.acct.ID); err == nil || !desk.IsNotFound(err) {
			return c, err
		}
	}
	id, err := in.threadID(tx, a)
	if err != nil {
		return store.Row{}, err
	}
	c = store.Row{Conversation: desk.Conversation{ID: id, Workspace: tx.Workspace(), Contact: contact, Account: f.acct.ID,
		State: desk.Open, Owner: desk.Owner{Kind: desk.OwnedByAI}, Engagement: 1, Language: a.language}}
	c.EraseAt = firstErase(f, a, tx.Now())
	return c, tx.InsertConversation(c.Conversation)
}

// threadID is the id of a new conversation: who waits for it may know it by one
// already. While the messages of a conversation that was deleted still leave, its
// id is not given away.
func (in *Intake) threadID(tx *store.Tx, a *arrival) (desk.ID, error) {
	if a.Thread == 0 {
		return tx.NewID(), nil
	}
	left, err := tx.TalkLeft(a.Thread)
	if err != nil || left {
		return tx.NewID(), err
	}
	return a.Thread, nil
}

// visitor is the kind of identity that a browser has: nothing is known of it
// but what its visitor allowed.
const visitor = "visitor"

// Hours after which an unsaved chat is erased: a workspace may set 1 to 72.
const (
	eraseAfter    = 24
	eraseAfterMax = 72
)

// firstErase is when a new conversation is erased: only an unsaved chat is.
func firstErase(f *filing, a *arrival, now time.Time) time.Time {
	if a.Sender.Kind != visitor || consent(a) == desk.ConsentGranted {
		return time.Time{}
	}
	return now.Add(term(f.acct.Settings))
}

// eraseAt moves the end of an unsaved chat with each message; a saved one stays
// saved.
func eraseAt(c store.Row, f *filing, a *arrival, now time.Time) time.Time {
	if c.EraseAt.IsZero() {
		return c.EraseAt
	}
	return firstErase(f, a, now)
}

func consent(a *arrival) desk.ConsentState {
	if a.Consent == "" && a.Session != nil {
		return a.Session.Consent
	}
	return a.Consent
}

func term(settings json.RawMessage) time.Duration {
	var s struct {
		Hours int `json:"erase_after_hours"`
	}
	if json.Unmarshal(settings, &s) != nil || s.Hours < 1 || s.Hours > eraseAfterMax {
		s.Hours = eraseAfter
	}
	return time.Duration(s.Hours) * time.Hour
}

// tell notes what a known contact said of themselves.
func (in *Intake) tell(tx *store.Tx, contact desk.ID, a *arrival) error {
	named := false
	c, err := tx.ChangeContact(contact, func(c *desk.Contact) error {
		if a.language != "" {
			c.Language = a.language
		}
		if a.Name != "" && a.Name != c.Name {
			c.Name, named = a.Name, true
		}
		if a.Email != "" && a.Email != c.Email {
			c.Email, named = a.Email, true
		}
		return nil
	})
	if err != nil || !named {
		return err
	}
	if err := setTerms(tx, c); err != nil {
		return err
	}
	return in.Flow.Emit(tx, desk.Event{Kind: desk.ContactChanged, Object: contact})
}

func setTerms(tx *store.Tx, c desk.Contact) error {
	if c.Anonymous() {
		return nil
	}
	return tx.SetContactTerms(c.ID, text.Prefixes(c.Name+" "+c.Email+" "+c.Phone))
}
