package recipients

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/i18n"
	"parley/internal/privacy"
	"parley/internal/store"
)

// How long a letter is tried, how long one rests after a failure, and how many
// people are told in one step.
const (
	mailTerm  = 72 * time.Hour
	firstRest = 15 * time.Second
	longRest  = time.Hour
	atOnce    = 200
)

// Handlers lists the work of this package.
func (w *Recipients) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: AskWork, Workers: 1, Timeout: 2 * time.Minute, Run: w.ask},
		{Kind: AnnounceWork, Workers: 1, Timeout: 10 * time.Minute, Run: w.announce},
		{Kind: LetterWork, Workers: 2, Timeout: 2 * time.Minute, Run: w.tell}}
}

// announce has a letter written to everybody who had said yes when a change came.
// That a letter is on its way is kept with it, so that a crash makes no second.
func (w *Recipients) announce(ctx context.Context, j *flow.Job) error {
	h := w.DB.In(0)
	for {
		n := 0
		err := h.Write(ctx, func(tx *store.Tx) error {
			c, err := tx.RecipientChange(j.Items[0].Object)
			if err != nil {
				return err
			}
			owed, err := tx.ReadersOwed(c, atOnce)
			if err != nil {
				return err
			}
			if n = len(owed); n == 0 {
				return j.Finish(tx)
			}
			for _, x := range owed {
				if err := tx.ReaderTold(x.ID, c.ID); err != nil {
					return err
				}
				if err := w.Flow.Add(tx, flow.Item{Kind: LetterWork, Key: x.ID, Object: c.ID}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

func (w *Recipients) ask(ctx context.Context, j *flow.Job) error {
	var m privacy.PersonMail
	var since time.Time
	err := w.DB.In(0).Read(ctx, func(r *store.Rx) error {
		x, err := r.Reader(j.Items[0].Object)
		if err != nil {
			return err
		}
		if !x.Confirmed.IsZero() || x.Email == "" {
			return gone()
		}
		token, err := tokenOf(r, "confirm", x.ID)
		m, since = w.letter(x, j.Items[0].ID, "ask"), x.Asked
		m.Lines, m.Button, m.Link = lines(x.Locale, "ask.text", w.Home), i18n.T(x.Locale, "recipients.mail.ask.button", nil), w.Home+ConfirmPath+token+"?l="+x.Locale
		return err
	})
	return w.send(ctx, j, m, since, err)
}

func (w *Recipients) tell(ctx context.Context, j *flow.Job) error {
	var m privacy.PersonMail
	var since time.Time
	err := w.DB.In(0).Read(ctx, func(r *store.Rx) error {
		it := j.Items[0]
		x, err := r.Reader(it.Key)
		if err != nil {
			return err
		}
		c, err := r.RecipientChange(it.Object)
		if err != nil {
			return err
		}
		if x.Email == "" {
			return gone()
		}
		token, err := tokenOf(r, "stop", x.ID)
		if err != nil {
			return err
		}
		m, since = w.letter(x, it.ID, "change"), c.At
		m.Stop, m.Stops = w.Home+StopPath+token+"?l="+x.Locale, i18n.T(x.Locale, "recipients.mail.change.stop", nil)
		m.Lines, m.Button, m.Link = lines(x.Locale, "change.text", w.Home), i18n.T(x.Locale, "recipients.mail.change.button", nil), w.Home+Page+"?l="+x.Locale
		for _, l := range c.Lines {
			said, err := line(x.Locale, l)
			if err != nil {
				return err
			}
			m.Lines = append(m.Lines, said)
		}
		return nil
	})
	return w.send(ctx, j, m, since, err)
}

func lines(locale, key, home string) []string {
	return []string{i18n.T(locale, "recipients.mail."+key, map[string]string{"home": home})}
}

func (w *Recipients) letter(x store.RecipientReader, id desk.ID, kind string) privacy.PersonMail {
	say := func(part string) string {
		return i18n.T(x.Locale, "recipients.mail."+kind+"."+part, map[string]string{"home": w.Home})
	}
	return privacy.PersonMail{ID: id.String(), To: x.Email, Locale: x.Locale, Subject: say("subject"), Foot: say("foot")}
}

// line says what became of one line of the list.
func line(locale string, l store.RecipientLine) (string, error) {
	var r, was Row
	if err := json.Unmarshal([]byte(l.Facts), &r); err != nil {
		return "", err
	}
	said := i18n.T(locale, "recipients.mail.line."+l.What, map[string]string{"row": r.words(locale)})
	if l.Previous == "" {
		return said, nil
	}
	err := json.Unmarshal([]byte(l.Previous), &was)
	return said + " " + i18n.T(locale, "recipients.mail.line.before", map[string]string{"row": was.words(locale)}), err
}

// words is a line of the list in one sentence.
func (r Row) words(locale string) string {
	region := cmp.Or(r.Region, i18n.T(locale, "policy.recipient.region_unknown", nil))
	out := r.Company + " – " + i18n.T(locale, "policy.recipient."+r.Service, nil) + " – " + region
	if r.Agreement != "" {
		out += " – " + r.Agreement
	}
	return out
}

// send hands a mail over; one whose reader is gone is no work any more.
func (w *Recipients) send(ctx context.Context, j *flow.Job, m privacy.PersonMail, since time.Time, err error) error {
	h, it := w.DB.In(0), j.Items[0]
	done := func() error {
		return h.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return j.Finish(tx) })
	}
	if desk.IsNotFound(err) {
		return done()
	}
	if err != nil {
		return err
	}
	code, final := w.Post.Person(ctx, m)
	age := w.DB.Clock().Now().Sub(since)
	switch {
	case code == "":
		return done()
	case final || age >= mailTerm:
		w.Log.WarnContext(ctx, "somebody could not be told of the list of recipients", "work", it.Kind, "code", code)
		return done()
	}
	return h.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		return j.Later(tx, it, tx.Now().Add(min(max(age, firstRest), longRest)))
	})
}
