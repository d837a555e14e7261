package answer

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/answer/prompt"
	"parley/internal/answer/topic"
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
	set     desk.AISettings
	pending []desk.Message // what the contact said since the last answer, oldest first
	before  []desk.Message // what was said before that in the engagement, newest first
	about   topic.Reading  // of what is pending
	asked   []desk.Button  // choices the last message to the contact offered
	spoke   bool           // the AI said something in this engagement
	trial   bool           // nobody is answered: the lab asks
	without Without        // of a trial
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
		if t.set, err = r.AISettings(); err != nil {
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
		answers := m.Direction == desk.Out && m.Status != desk.StatusCancelled
		if (answered || answers) && !m.Deleted && m.Direction != desk.None && m.Status != desk.StatusCancelled {
			t.before = append(t.before, m)
		}
		switch {
		case answers:
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

// said is the engagement as far as the turn read it, oldest first.
func (t *turn) said() []desk.Message {
	all := slices.Clone(t.before)
	slices.Reverse(all)
	return append(all, t.pending...)
}

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
	return Question{Text: strings.Join(lines, "\n"), Language: t.conv.Language, Passage: t.choice(), Without: t.without}
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
func (t *turn) wantsPerson() bool {
	for _, m := range t.pending {
		if m.Event == desk.EventAsked || wantsPerson(topic.IntentOf(string(m.Body))) {
			return true
		}
	}
	return t.picked() == personChoice
}

func wantsPerson(i topic.Intent) bool { return i == topic.WantsPerson || i == topic.NoMachine }

// refusesMachine: the contact wants no automatic answers (A-7.4-06).
func (t *turn) refusesMachine() bool {
	return slices.ContainsFunc(t.pending, func(m desk.Message) bool { return topic.IntentOf(string(m.Body)) == topic.NoMachine })
}

// intent of a burst: a greeting or thanks only when every line is nothing else.
func (t *turn) intent() topic.Intent {
	var all topic.Intent
	for i, m := range t.pending {
		in := topic.IntentOf(string(m.Body))
		if in != topic.Greets && in != topic.Thanks {
			return topic.NoIntent
		}
		if i == 0 || in == topic.Greets {
			all = in
		}
	}
	return all
}

// readTopics tells what the burst is about.
func (t *turn) readTopics() {
	own := topic.Settings{}
	for _, one := range t.set.Topics {
		if len(one.Words) > 0 {
			own.Own = append(own.Own, topic.Own{Topic: one.Name, Phrases: one.Words})
		}
	}
	t.about = topic.Read(t.question().Text, t.conv.Language, own)
}

// rules are the workspace's, and its topics that a machine may speak about.
func (t *turn) rules() []desk.Rule {
	all := slices.Clone(t.set.Rules)
	for _, one := range t.set.Topics {
		if one.Mode != desk.ModeOff {
			all = append(all, desk.Rule{Topic: one.Name, Mode: one.Mode})
		}
	}
	return all
}

// facts are what rules ask about.
func (t *turn) facts(now time.Time) desk.Facts {
	zone, err := time.LoadLocation(t.set.Hours.Zone)
	if err != nil {
		zone = nil // a zone that this machine does not know: the hours say nothing
	}
	return desk.Facts{Channel: t.acct.Kind, Account: t.acct.ID, Topics: t.about.Topics, Language: t.conv.Language, Tags: t.conv.Labels,
		Hours: t.set.Hours.At(now, zone)}
}

// forPeople is the topic of the burst that people answer, "" when there is none.
// A rule that names the topic says more than the topic's own mode.
func (t *turn) forPeople(facts desk.Facts) string {
	for _, name := range t.about.Topics {
		if t.set.TopicMode(name) != desk.ModeOff {
			continue
		}
		named := func(r desk.Rule) bool { return r.Topic == name && r.Mode != desk.ModeOff && r.Holds(facts) }
		if !slices.ContainsFunc(t.set.Rules, named) {
			return name
		}
	}
	return ""
}

// asking is the question with what an answer may use of the conversation.
func (t *turn) asking(purpose desk.AIPurpose) asking {
	if len(t.about.Special) > 0 {
		purpose = "" // what is special about a person goes to no model (A-6-01)
	}
	in := asking{ws: t.ws, set: t.set, question: t.question(), purpose: purpose, names: []string{t.contact.Name, t.contact.Email, t.contact.Phone}}
	for _, m := range t.before[:min(len(t.before), t.set.History)] {
		from := prompt.Business
		if m.Direction == desk.In {
			from = prompt.Customer
		}
		if m.Body != "" && m.Kind != desk.KindNote && m.Kind != desk.KindEvent && len(topic.Read(string(m.Body), t.conv.Language, topic.Settings{}).Special) == 0 {
			in.history = append(in.history, prompt.Line{From: from, Text: string(m.Body)})
		}
	}
	slices.Reverse(in.history)
	return in
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
