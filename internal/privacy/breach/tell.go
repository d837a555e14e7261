package breach

import (
	"cmp"
	"context"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/i18n"
	"parley/internal/privacy"
	"parley/internal/store"
)

// Kinds of work.
const (
	FindWork = "breach_find" // finds who is to be told, or tells businesses
	MailWork = "breach_mail" // mails one person
)

const (
	findStep    = 200                 // people of one transaction
	tellStep    = 100                 // people of one step of the sweep
	messageTerm = 14 * 24 * time.Hour // how long a person's next message is waited for
	mailTerm    = 72 * time.Hour      // how long a mail is tried
	firstRest   = 15 * time.Second
	longRest    = time.Hour
)

// Ways in which a person was told.
const (
	wayMail    = "mail"
	wayMessage = "message"
	wayNotice  = "notice"
	wayHand    = "hand" // somebody saw that the mail had left
	wayDrill   = "drill"
)

// Handlers lists the desk's work.
func (d *Desk) Handlers() []flow.Handler {
	return []flow.Handler{
		{Kind: FindWork, Workers: 1, Timeout: 30 * time.Minute, Run: d.find},
		{Kind: MailWork, Workers: 2, Timeout: 2 * time.Minute, Run: d.mail},
	}
}

// Tell begins to tell the people whom an incident of a workspace touched, or the
// businesses that one of the install did. It may be asked again after another
// counting: who was told is not told again. Errors: desk.Conflict.
func (d *Desk) Tell(ctx context.Context, a Act) error {
	w, err := d.Get(ctx, a.Workspace, a.Incident)
	if err != nil {
		return err
	}
	missing := w.Missing()
	return d.change(ctx, a, "incident.tell", func(tx *store.Tx, i *store.Incident, s *desk.IncidentStand) error {
		switch {
		case i.State == desk.IncidentOpen || i.State == desk.IncidentClosed:
			return desk.Fail(desk.Conflict, "incident_state", "say first how great the risk is; a closed incident tells nobody")
		case len(missing) > 0:
			return desk.Fail(desk.Conflict, "facts_missing", "still missing: "+strings.Join(missing, ", "))
		}
		kind := w.Kinds()[1]
		if i.ToldAt.IsZero() {
			i.ToldAt = tx.Now()
			for _, locale := range i18n.Locales() {
				if err := keepSent(tx, a, w.Draft(kind, locale), tx.Now()); err != nil {
					return err
				}
			}
		}
		if i.Drill {
			return d.rehearse(tx, i)
		}
		return d.Flow.Add(tx, flow.Item{Kind: FindWork, Key: i.ID, Object: i.ID})
	})
}

// find carries out what Tell began. It may begin anew after a crash: a row that is
// there is not made again.
func (d *Desk) find(ctx context.Context, j *flow.Job) error {
	ws, id := j.Items[0].Workspace, j.Items[0].Object
	finish := func() error {
		return d.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
	}
	w, err := d.Get(ctx, ws, id)
	if desk.IsNotFound(err) || err == nil && w.Row.State == desk.IncidentClosed {
		return finish()
	}
	if err != nil {
		return err
	}
	if ws == 0 {
		err = d.tellBusinesses(ctx, w)
	} else {
		err = d.findPeople(ctx, w)
	}
	if err != nil {
		return err
	}
	return finish()
}

func (d *Desk) findPeople(ctx context.Context, w Whole) error {
	for _, c := range w.Counts {
		var people []desk.ID
		err := d.DB.In(w.Of).Read(ctx, func(r *store.Rx) (err error) { people, _, err = r.Touched(c.Scope); return err })
		for ; err == nil && len(people) > 0; people = people[min(findStep, len(people)):] {
			some := people[:min(findStep, len(people))]
			err = d.DB.In(w.Of).Write(ctx, func(tx *store.Tx) error {
				for _, contact := range some {
					if err := d.enlist(tx, w.Incident, contact); err != nil {
						return err
					}
				}
				return d.showNotice(tx, w.Incident)
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// enlist notes that a person is to be told and by which way, once.
func (d *Desk) enlist(tx *store.Tx, incident, contact desk.ID) error {
	who, err := tx.Contact(contact)
	if desk.IsNotFound(err) {
		return nil // erased since
	}
	if err != nil {
		return err
	}
	p := store.Told{Incident: incident, Contact: contact}
	if err := d.choose(tx, who, &p); err != nil {
		return err
	}
	fresh, err := tx.AddTold(&p)
	if err != nil || !fresh || p.State != store.ToldByMail {
		return err
	}
	return d.Flow.Add(tx, flow.Item{Kind: MailWork, Key: p.ID, Object: p.ID})
}

// choose says by which way a person is told: mail, else their next message, else
// the public notice.
func (d *Desk) choose(tx *store.Tx, who desk.Contact, p *store.Told) error {
	if who.Email != "" && p.State == "" && d.Post != nil && d.Post.On() {
		p.State = store.ToldByMail
		return nil
	}
	threads, err := tx.ConversationsWith(who.ID, 1)
	if err == nil && len(threads) > 0 && !who.Stored() {
		p.State = store.ToldByMessage
		return nil
	}
	p.State, p.Way, p.At = store.ToldByNotice, wayNotice, tx.Now()
	return err
}

// showNotice shows the public notice from when somebody can be reached by it alone.
func (d *Desk) showNotice(tx *store.Tx, incident desk.ID) error {
	i, err := tx.LockIncident(incident)
	if err != nil || !i.NoticeAt.IsZero() {
		return err
	}
	counts, err := tx.ToldCounts(incident)
	for _, c := range counts {
		if c.State == store.ToldByNotice {
			i.NoticeAt = tx.Now()
		}
	}
	if err != nil || i.NoticeAt.IsZero() {
		return err
	}
	return errorsOf(tx.SaveIncident(i), d.Audit.Add(tx, system, "incident.notice", incident))
}

// mail hands one mail over. Before that the row says so, in a transaction of its
// own: where the program stops in between, nobody knows whether the mail left, and
// it is not sent again by itself.
func (d *Desk) mail(ctx context.Context, j *flow.Job) error {
	it := j.Items[0]
	h := d.DB.In(it.Workspace)
	m, p, err := d.begin(ctx, j, it)
	if err != nil || m == nil {
		return err
	}
	code, final := "no_mail", true
	if d.Post != nil && d.Post.On() {
		code, final = d.Post.Person(ctx, *m)
	}
	if code != "" {
		d.Log.WarnContext(ctx, "a person could not be mailed of an incident", "workspace", it.Workspace, "incident", p.Incident, "code", code)
	}
	return h.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		p, err := tx.LockTold(p.ID)
		if desk.IsNotFound(err) {
			return j.Finish(tx) // erased meanwhile
		}
		if err != nil {
			return err
		}
		age := tx.Now().Sub(p.Found)
		switch {
		case code == "":
			p.State, p.Way, p.At = store.ToldDone, wayMail, tx.Now()
		case !final && age < mailTerm:
			p.State = store.ToldByMail
			return errorsOf(tx.SaveTold(p), j.Later(tx, it, tx.Now().Add(min(max(age, firstRest), longRest))))
		default:
			who, err := tx.Contact(p.Contact)
			if err != nil {
				return err
			}
			p.Found = tx.Now()
			if err := d.choose(tx, who, &p); err != nil {
				return err
			}
		}
		return errorsOf(tx.SaveTold(p), d.showNotice(tx, p.Incident), j.Finish(tx))
	})
}

// begin marks a mail as being sent and gives its words; nil where there is none to
// send.
func (d *Desk) begin(ctx context.Context, j *flow.Job, it flow.Item) (m *privacy.PersonMail, p store.Told, err error) {
	err = d.DB.In(it.Workspace).Write(ctx, func(tx *store.Tx) (err error) {
		m = nil
		if p, err = tx.LockTold(it.Object); desk.IsNotFound(err) {
			return j.Finish(tx)
		}
		if err != nil {
			return err
		}
		switch p.State {
		case store.ToldSending:
			p.State = store.ToldUnsure
			return errorsOf(tx.SaveTold(p), j.Finish(tx))
		case store.ToldByMail:
		default:
			return j.Finish(tx)
		}
		who, err := tx.Contact(p.Contact)
		if err != nil {
			return err
		}
		letter, err := d.words(tx, p.Incident, who.Language)
		if err != nil {
			return err
		}
		m = &privacy.PersonMail{ID: p.ID.String(), To: who.Email, Locale: letter.Locale, Subject: letter.subject, Lines: strings.Split(letter.Body, "\n"), Foot: letter.foot}
		p.State = store.ToldSending
		j.Check(tx)
		return tx.SaveTold(p)
	})
	return m, p, err
}

type letter struct {
	store.IncidentDraft
	subject, foot string
}

// words are what people are told, in their language, or in the workspace's where
// that is not known.
func (d *Desk) words(tx *store.Tx, incident desk.ID, language string) (letter, error) {
	set, err := tx.Settings()
	if err != nil {
		return letter{}, err
	}
	if language = known(language); language == "" {
		language = cmp.Or(known(set.Locale), i18n.Fallback)
	}
	drafts, err := tx.IncidentDrafts(incident)
	for _, x := range drafts {
		if x.Kind == KindPerson && x.Locale == language && !x.Sent.IsZero() {
			args := map[string]string{"business": set.Name}
			return letter{x, i18n.T(language, "breach.mail.subject", args), i18n.T(language, "breach.foot", args)}, err
		}
	}
	return letter{}, errorsOf(err, desk.Fail(desk.Internal, "no_words", "the words of an incident are not there"))
}

// Sweep tells who waited for their next message and has one, and shows the public
// notice to who waited too long. It is work for flow.Every.
func (d *Desk) Sweep(ctx context.Context) error {
	all, err := d.DB.Workspaces(ctx)
	for _, ws := range all {
		if err == nil {
			err = d.sweepIn(ctx, ws.ID)
		}
	}
	return err
}

func (d *Desk) sweepIn(ctx context.Context, ws desk.ID) error {
	h := d.DB.In(ws)
	for {
		var wrote []store.Wrote
		var vain, long []desk.ID
		err := h.Read(ctx, func(r *store.Rx) (err error) {
			if wrote, err = r.ToldWhoWrote(tellStep); err != nil {
				return err
			}
			if vain, err = r.ToldInVain(tellStep); err != nil {
				return err
			}
			long, err = r.ToldTooLong(d.DB.Clock().Now().Add(-messageTerm), tellStep)
			return err
		})
		for _, w := range wrote {
			if err == nil {
				err = h.Write(ctx, func(tx *store.Tx) error { return d.say(tx, w) })
			}
		}
		for _, id := range append(vain, long...) {
			if err == nil {
				err = h.Write(ctx, func(tx *store.Tx) error { return d.toNotice(tx, id) })
			}
		}
		if err != nil || len(wrote) < tellStep && len(vain) < tellStep && len(long) < tellStep {
			return err
		}
	}
}

// say puts the words into the person's conversation, with the row that says so.
func (d *Desk) say(tx *store.Tx, w store.Wrote) error {
	c, err := tx.LockConversation(w.Conversation)
	if err != nil {
		return gone(err)
	}
	p, err := tx.LockTold(w.Told)
	if err != nil || p.State != store.ToldByMessage {
		return gone(err)
	}
	if !c.WindowUntil.IsZero() && !tx.Now().Before(c.WindowUntil) {
		p.Found = tx.Now() // nothing may be written to them now: their next message opens that
		return tx.SaveTold(p)
	}
	who, err := tx.Contact(c.Contact)
	if err != nil {
		return gone(err)
	}
	words, err := d.words(tx, p.Incident, who.Language)
	if err != nil {
		return err
	}
	m := desk.Message{Direction: desk.Out, Author: desk.Author{Kind: desk.FromSystem}, Kind: desk.KindText, Status: desk.StatusQueued, Body: desk.Body(words.Body)}
	if err := tx.AppendMessage(&c, &m); err != nil {
		return err
	}
	p.State, p.Way, p.At, p.Message = store.ToldDone, wayMessage, tx.Now(), m.ID
	return errorsOf(tx.SaveTold(p), d.Flow.Emit(tx, desk.Event{Kind: desk.MessageQueued, Conversation: c.ID, Message: m.ID, Seq: m.Seq}),
		tx.SaveConversation(c), d.Flow.Emit(tx, desk.Event{Kind: desk.ConversationChanged, Conversation: c.ID}))
}

func gone(err error) error {
	if desk.IsNotFound(err) {
		return nil
	}
	return err
}

// toNotice leaves a person to the public notice.
func (d *Desk) toNotice(tx *store.Tx, id desk.ID) error {
	p, err := tx.LockTold(id)
	if err != nil {
		return gone(err)
	}
	p.State, p.Way, p.At, p.Message = store.ToldByNotice, wayNotice, tx.Now(), 0
	return errorsOf(tx.SaveTold(p), d.showNotice(tx, p.Incident))
}
