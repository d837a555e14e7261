package answer

import (
	"slices"
	"strings"

	"parley/internal/answer/topic"
	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Request is what a contact said about their own data: one of the three.
type Request struct {
	Asks   string // a phrase that asks for this: topic.AsksErase, topic.AsksAccess
	Code   string // the code that the public page gave them
	Choice string // what they chose of a confirming question
}

// Told is what the contact hears: a question with choices, or a plain answer.
type Told struct {
	Text    string
	Buttons []desk.Button
}

// Requests takes up what contacts say about their own data.
type Requests interface {
	// ReadCode finds such a code where it is all that was written.
	ReadCode(said string) (code string, ok bool)
	// IsChoice reports whether a choice belongs to a confirming question; yes says
	// which of the two it is.
	IsChoice(id string) (is, yes bool)
	// Hear takes one up in the caller's transaction; ok is false when it is none of
	// that after all.
	Hear(tx *store.Tx, c desk.Conversation, locale string, r Request) (t Told, ok bool, err error)
}

// request reads what the newest message says about the writer's data. It is read
// whoever speaks in the conversation: a person's right does not wait for a mode.
func (a *Answer) request(t *turn, why string) (r Request) {
	if a.Requests == nil || t.trial || slices.Contains([]string{"closed", "suspended", "workspace_closed", "channel_off", "older_than_connection", "window_closed"}, why) {
		return r
	}
	if r.Choice = t.confirms(a.Requests); r.Choice != "" {
		return r
	}
	if code, ok := a.Requests.ReadCode(strings.TrimSpace(string(t.newest().Body))); ok {
		return Request{Code: code}
	}
	for _, m := range t.pending {
		if asks := topic.AskOf(string(m.Body)); asks != "" && r.Asks != topic.AsksErase {
			r.Asks = asks
		}
	}
	return r
}

// confirms is the choice of a confirming question that the newest message picks,
// by its button or in a word.
func (t *turn) confirms(of Requests) string {
	if picked := t.picked(); picked != "" {
		if is, _ := of.IsChoice(picked); is {
			return picked
		}
		return ""
	}
	said := strings.Trim(text.Fold(string(t.newest().Body)), " .!,")
	for _, offered := range t.asked {
		is, yes := of.IsChoice(offered.ID)
		if is && slices.Contains(agreeing(yes), said) {
			return offered.ID
		}
	}
	return ""
}

// agreeing are the words of a yes or a no, folded.
func agreeing(yes bool) []string {
	if yes {
		return []string{"yes", "yes please", "evet", "evet lutfen", "ja", "ja bitte", "si", "oui", "نعم"}
	}
	return []string{"no", "no thanks", "hayir", "yok", "nein", "non", "لا"}
}

// hear answers a request in Parley's own words, and calls a person where it turns
// out to be none.
func (a *Answer) hear(tx *store.Tx, c *store.Row, t *turn, r Request) error {
	told, ok, err := a.Requests.Hear(tx, c.Conversation, t.locale(), r)
	if err != nil {
		return err
	}
	if !ok {
		c.Flag(desk.AIOff, tx.Now())
		return a.changed(tx, *c)
	}
	m := desk.Message{Direction: desk.Out, Author: desk.Author{Kind: desk.FromSystem}, Kind: desk.KindText, Status: desk.StatusQueued,
		Body: desk.Body(told.Text), Buttons: told.Buttons}
	if err := tx.AppendMessage(c, &m); err != nil {
		return err
	}
	if err := a.Flow.Emit(tx, desk.Event{Kind: desk.MessageQueued, Conversation: c.ID, Message: m.ID, Seq: m.Seq}); err != nil {
		return err
	}
	return a.changed(tx, *c)
}
