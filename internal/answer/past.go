package answer

import (
	"context"
	"slices"

	"parley/internal/answer/mask"
	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// past is a conversation up to a question that somebody asked in it, for asking
// it again as it was: with the earlier lines of its engagement, and no later one.
type past struct {
	acct   desk.Account
	labels []string
	began  int64          // last seq before the engagement
	said   []desk.Message // newest first, from the question on
}

// runsRead is how many turns of a conversation tell where an engagement began.
const runsRead = 200

// pastOf reads the conversation of a message up to it.
func pastOf(r *store.Rx, c store.Row, m desk.Message) (*past, error) {
	p := &past{labels: c.Labels, began: c.Began}
	var err error
	if p.acct, err = r.Account(c.Account); err != nil {
		return nil, err
	}
	if p.said, err = r.MessagesBefore(c.ID, m.Seq+1, lookBack); err != nil || m.Seq > c.Began {
		return p, err
	}
	runs, err := r.Runs(c.ID, runsRead)
	p.began = p.start(runs, m)
	return p, err
}

// start is where the engagement of a question began that is over by now: before
// the lines that its first turn answered.
func (p *past) start(runs []desk.Run, m desk.Message) int64 {
	at := slices.IndexFunc(runs, func(run desk.Run) bool { return run.Trigger == m.ID })
	first := m.ID
	for _, run := range runs { // newest first
		if at >= 0 && run.Engagement != 0 && run.Engagement == runs[at].Engagement {
			first = run.Trigger
		}
	}
	began, found := m.Seq-1, false
	for _, one := range p.said {
		if found = found || one.ID == first; found && one.Direction == desk.Out {
			break
		}
		began = min(began, one.Seq-1)
	}
	return began
}

// lead makes a turn stand where the question stood.
func (p *past) lead(t *turn) {
	t.acct, t.conv.Labels, t.conv.Began = p.acct, p.labels, p.began
	asked := t.pending
	t.pending = nil
	if t.read(p.said); len(t.pending) == 0 {
		t.pending = asked // answered by whom nobody sees any more
	}
	for _, m := range t.before {
		if m.Direction == desk.Out && m.Author.Kind == desk.FromAI {
			t.conv.Turns++
		}
	}
}

// QuestionOf is what a turn was asked, with placeholders for what is private in
// it: a test is kept for longer than a person's words. "" where it is gone, or may
// not be used.
func (a *Answer) QuestionOf(ctx context.Context, ws desk.ID, run desk.Run) (masked string, err error) {
	err = a.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		masked = ""
		set, err := r.Settings()
		if err != nil || len(run.About.Special) > 0 {
			return err
		}
		m, who, ok, err := again(r, set, run.Trigger)
		if err != nil || !ok {
			return err
		}
		table := mask.New(who.Name, who.Email, who.Phone)
		masked = table.Mask(text.Normalise(string(m.Body), maxQuestion))
		return nil
	})
	return masked, err
}
