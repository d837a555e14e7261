package answer

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/store"
)

// turn is one look at a conversation and what the AI makes of it.
type turn struct {
	conv    store.Row
	ws      desk.Workspace
	acct    desk.Account
	contact desk.Contact
	pending []desk.Message // what the contact said since the last answer, oldest first
	asked   []desk.Button  // choices the last message to the contact offered
	spoke   bool           // the AI said something in this engagement
}

// lookBack is how many messages of an engagement a turn reads.
const lookBack = 60

// look reads everything a turn depends on in one snapshot.
func (a *Answer) look(ctx context.Context, ws, conversation desk.ID) (*turn, error) {
	t := &turn{}
	err := a.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		*t = turn{}
		if t.conv, err = r.Conversation(conversation); err != nil {
			return err
		}
		if t.ws, err = r.Settings(); err != nil {
			return err
		}
		if t.acct, err = r.Account(t.conv.Account); err != nil {
			return err
		}
		if t.contact, err = r.Contact(t.conv.Contact); err != nil {
			return err
		}
		newest, err := r.MessagesBefore(conversation, 0, lookBack)
		t.read(newest)
		return err
	})
	return t, err
}

// read sorts the newest messages (newest first) into what waits for an answer
// and what was offered before.
func (t *turn) read(newest []desk.Message) {
	answered := false
	for _, m := range newest {
		if m.Seq <= t.conv.Began {
			break
		}
		switch {
		case m.Direction == desk.Out && m.Status != desk.StatusCancelled:
			if !answered {
				t.asked = m.Buttons
			}
			answered = true
			t.spoke = t.spoke || m.Author.Kind == desk.FromAI
		case answered || m.Deleted:
		case m.Direction == desk.In || m.Event == desk.EventAsked:
			t.pending = append(t.pending, m)
		}
	}
	slices.SortFunc(t.pending, func(a, b desk.Message) int { return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Seq, b.Seq)) })
}

// newest is the message the turn answers.
func (t *turn) newest() desk.Message { return t.pending[len(t.pending)-1] }

// maxQuestion is how much of a burst is read as the question, in bytes.
const maxQuestion = 2000

// question joins the lines of a burst.
func (t *turn) question() Question {
	var lines []string
	size := 0
	for i := len(t.pending) - 1; i >= 0 && size < maxQuestion; i-- {
		if line := strings.TrimSpace(string(t.pending[i].Body)); line != "" {
			lines = append([]string{line}, lines...)
			size += len(line)
		}
	}
	return Question{Text: strings.Join(lines, "\n"), Language: t.conv.Language, Passage: t.choice()}
}

// Ids of the choices a "did you mean" offers.
const (
	passageChoice = "passage:"
	personChoice  = "person"
)

// choice is the passage the contact picked, if it was really offered to them.
func (t *turn) choice() desk.ID {
	picked := t.picked()
	if !strings.HasPrefix(picked, passageChoice) {
		return 0
	}
	id, err := strconv.ParseInt(strings.TrimPrefix(picked, passageChoice), 10, 64)
	if err != nil {
		return 0
	}
	return desk.ID(id)
}

// picked is the id of the offered choice that the newest message picks; the
// same words typed by hand count.
func (t *turn) picked() string {
	m := t.newest()
	for _, offered := range t.asked {
		if len(m.Buttons) == 1 && m.Buttons[0].ID == offered.ID {
			return offered.ID
		}
		if strings.EqualFold(strings.TrimSpace(string(m.Body)), offered.Label) {
			return offered.ID
		}
	}
	return ""
}

// wantsPerson: the button, the choice or the words.
func (t *turn) wantsPerson(reader Reader) bool {
	for _, m := range t.pending {
		if m.Event == desk.EventAsked || reader.Intent(string(m.Body)) == WantsPerson {
			return true
		}
	}
	return t.picked() == personChoice
}

// intent of a burst: a greeting or thanks only when every line is nothing else.
func (t *turn) intent(reader Reader) Intent {
	var all Intent
	for i, m := range t.pending {
		in := reader.Intent(string(m.Body))
		if in != Greets && in != Thanks {
			return NoIntent
		}
		if i == 0 || in == Greets {
			all = in
		}
	}
	return all
}

// search asks the finder with a deadline, which holds for one that does not
// listen to its context, too.
func (a *Answer) search(ctx context.Context, ws desk.ID, q Question) (Finding, error) {
	ctx, cancel := clock.WithTimeout(ctx, a.DB.Clock(), Deadline)
	defer cancel()
	type result struct {
		f   Finding
		err error
	}
	done := make(chan result, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- result{err: desk.Fail(desk.Internal, "finder_panic", "the search stopped unexpectedly")}
			}
		}()
		f, err := a.Finder.Answer(ctx, ws, q)
		done <- result{f, err}
	}()
	select {
	case r := <-done:
		return r.f, r.err
	case <-ctx.Done():
		return Finding{}, desk.Fail(desk.Unavailable, "too_slow", "the search took too long")
	}
}
