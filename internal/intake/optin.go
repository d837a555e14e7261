package intake

import (
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// fileOptIn shows what a person allowed or stopped in their conversation and
// keeps it, so that it decides about every later template.
func (in *Intake) fileOptIn(tx *store.Tx, f *filing, a *arrival) error {
	if a.OptIn == nil {
		return desk.Fail(desk.Invalid, "bad_item", "an opt-in that says nothing")
	}
	if err := in.fileMessage(tx, f, a); err != nil {
		return err
	}
	i, err := in.sender(tx, f, a)
	if err != nil {
		return err
	}
	return in.consents(tx, f, i.Contact, consentChange{topic: text.Normalise(a.OptIn.Topic, maxName), stop: a.OptIn.Stopped, at: a.At, until: a.OptIn.Until})
}

// consentChange is one act of a person about one topic.
type consentChange struct {
	topic     string
	stop      bool
	onlyKnown bool // changes an opt-in that was given before, makes none
	at, until time.Time
}

var errNoOptIn = &desk.Error{Code: desk.NotFound, Reason: "no_opt_in", Text: "nothing was given before"}

// consents keeps what the person said; something they said later stands.
func (in *Intake) consents(tx *store.Tx, f *filing, contact desk.ID, ch consentChange) error {
	if ch.topic == "" {
		ch.topic = desk.TopicMessages
	}
	_, err := tx.ChangeOptIn(contact, f.acct.ID, ch.topic, func(c *desk.Consented) error {
		if ch.onlyKnown && c.At.IsZero() || c.ID != 0 && (ch.at.Before(c.StoppedAt) || c.Source == desk.OptInByPerson && ch.at.Before(c.At)) {
			return errNoOptIn
		}
		if ch.stop {
			c.StoppedAt, c.StoppedBy = ch.at, desk.OptInByPerson
			if c.Source == "" {
				c.Source = desk.OptInByPerson
			}
			return nil
		}
		c.Source, c.Member, c.Note = desk.OptInByPerson, 0, ""
		c.At, c.Until, c.StoppedAt, c.StoppedBy = ch.at, ch.until, time.Time{}, ""
		return nil
	})
	if err == errNoOptIn { //nolint:errorlint // ChangeOptIn answers this very value
		return nil
	}
	if err != nil {
		return err
	}
	return in.Flow.Emit(tx, desk.Event{Kind: desk.ContactChanged, Object: contact})
}

// heeds looks for the one word by which a person ends, or allows again, what
// they are sent unasked. It is a message like any other besides.
func (in *Intake) heeds(tx *store.Tx, f *filing, a *arrival, contact desk.ID) error {
	if !f.skills.Templates || a.Kind != desk.ArrivedMessage {
		return nil
	}
	stop, found := command(string(a.Text))
	if !found {
		return nil
	}
	for _, topic := range []string{desk.TopicMessages, desk.TopicMarketing} {
		ch := consentChange{topic: topic, stop: stop, at: a.At, onlyKnown: !stop && topic == desk.TopicMarketing}
		if err := in.consents(tx, f, contact, ch); err != nil {
			return err
		}
	}
	return nil
}

// command reads a message that is one of the usual words and nothing else.
func command(said string) (stop, found bool) {
	if len(said) > 40 {
		return false, false
	}
	said = strings.Trim(strings.TrimSpace(said), ".!\"'’“” ")
	for _, word := range []string{"stop", "stop all", "unsubscribe", "opt out", "dur", "durdur", "iptal", "ret", "abonelikten çık"} {
		if same(said, word) {
			return true, true
		}
	}
	for _, word := range []string{"start", "unstop", "subscribe", "başlat", "başla"} {
		if same(said, word) {
			return false, true
		}
	}
	return false, false
}

// same compares without case, with the Turkish pair of I, too.
func same(said, word string) bool {
	return strings.EqualFold(said, word) || strings.EqualFold(strings.NewReplacer("İ", "i", "I", "ı").Replace(said), word) ||
		strings.EqualFold(strings.NewReplacer("İ", "i", "ı", "i").Replace(said), word)
}
