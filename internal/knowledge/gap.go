package knowledge

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// GapWork is the kind of work that notes what found no answer, in the
// workspace's lane.
const GapWork = "gap"

// notChosen is the reason of a question that was answered with choices of which
// the contact took none.
const notChosen = "not_chosen"

const (
	lookedBack  = 2000 // questions that a new one is compared with
	burstLength = 10   // messages of a burst that are looked at
	examples    = 3    // questions of a gap that are shown, and adopted
	tried       = 20   // of which the newest that may be used are taken
	maxExample  = 300  // bytes
)

// missed is one message that asks for what is missing.
type missed struct {
	question store.GapQuestion
	reason   string
	passage  desk.ID
}

// noteGap follows a turn that found no answer. What a contact wrote is looked at
// and not kept: a gap holds ids and keyed hashes.
func (k *Knowledge) noteGap(ctx context.Context, j *flow.Job) error {
	item := j.Items[0]
	var all []missed
	var known []store.GapQuestion
	err := k.DB.In(item.Workspace).Read(ctx, func(r *store.Rx) (err error) {
		all, known = nil, nil
		if all, err = missedIn(r, item.Object); err != nil || len(all) == 0 {
			return err
		}
		known, err = r.NewestGapQuestions(lookedBack)
		return err
	})
	if err != nil {
		return err
	}
	return k.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error {
		for _, m := range all {
			if now, err := tx.Message(m.question.Message); desk.IsNotFound(err) || err == nil && now.Deleted {
				continue // taken back meanwhile
			} else if err != nil {
				return err
			}
			m.question.Gap = nearest(m.question, known)
			gap, noted, err := tx.NoteGap(m.question, m.reason, m.passage)
			if err == nil && noted {
				err = k.Flow.Emit(tx, desk.Event{Kind: desk.GapChanged, Object: gap})
			}
			if err != nil {
				return err
			}
		}
		return j.Finish(tx)
	})
}

// missedIn lists the messages of a turn, and of the one before it, that found no
// answer and may be learned from (decision 18).
func missedIn(r *store.Rx, run desk.ID) ([]missed, error) {
	now, err := r.Run(run)
	if desk.IsNotFound(err) {
		return nil, nil // erased meanwhile
	}
	if err != nil {
		return nil, err
	}
	c, err := r.Conversation(now.Conversation)
	if err != nil {
		return nil, gone(err)
	}
	ok, err := mayLearn(r, c.Contact)
	if err != nil || !ok {
		return nil, err
	}
	runs, err := r.RunsBefore(now.Conversation, run+1, burstLength)
	if err != nil {
		return nil, err
	}
	runs = slices.DeleteFunc(runs, func(o desk.Run) bool { return o.Outcome == "dropped" })
	var all []missed
	for i, turn := range runs[:min(len(runs), 2)] {
		switch {
		case i == 0 && unanswered(turn):
		case i == 1 && turn.Decision == desk.DecideDidYouMean && turn.Outcome == "sent" && !chosen(now):
			turn.Reason = notChosen
		default:
			continue
		}
		var before desk.ID
		if i+1 < len(runs) {
			before = runs[i+1].Trigger
		}
		m, err := missing(r, c, turn, before)
		if err != nil {
			return nil, err
		}
		if m.question.Message != 0 {
			all = append(all, m)
		}
	}
	return all, nil
}

func gone(err error) error {
	if desk.IsNotFound(err) {
		return nil
	}
	return err
}

func unanswered(r desk.Run) bool {
	return r.Decision == desk.DecideHandOver && (r.Outcome == "handed_over" || r.Outcome == "flagged") &&
		(r.Reason == "no_answer" || r.Reason == "low_confidence")
}

func chosen(r desk.Run) bool {
	return slices.ContainsFunc(r.Checks, func(c desk.Check) bool { return c.Name == "chosen" })
}

// mayLearn reports whether what a contact wrote may help the knowledge.
func mayLearn(r *store.Rx, contact desk.ID) (bool, error) {
	who, err := r.Contact(contact)
	if err != nil {
		return false, gone(err)
	}
	ws, err := r.Settings()
	return err == nil && !who.NoAutomation && desk.MayUse(desk.ForImprove, ws, who) == nil, err
}

// missing is the message of a turn's burst, which begins after the one that the
// turn before was about, that says most. A turn about what is special of a person
// is left alone.
func missing(r *store.Rx, c store.Row, turn desk.Run, before desk.ID) (missed, error) {
	m := missed{reason: turn.Reason}
	if len(turn.About.Special) > 0 {
		return m, nil
	}
	newest, err := r.Message(turn.Trigger)
	if err != nil {
		return m, gone(err)
	}
	burst, err := r.MessagesBefore(c.ID, newest.Seq+1, burstLength)
	if err != nil {
		return m, err
	}
	var stems, grams []string
	for _, one := range burst {
		if one.ID == before || one.Direction == desk.Out && one.Status != desk.StatusCancelled {
			break
		}
		if one.Direction != desk.In || one.Deleted || one.Kind != desk.KindText {
			continue
		}
		if s, g := asked(turn.Language, string(one.Body)); len(s) > len(stems) {
			stems, grams = s, g
			m.question = store.GapQuestion{Contact: c.Contact, Conversation: c.ID, Message: one.ID, Language: turn.Language}
		}
	}
	if len(turn.Passages) > 0 {
		m.passage = turn.Passages[0]
	}
	if m.question.Stems, err = r.GapTerms(stems); err == nil {
		m.question.Grams, err = r.GapTerms(grams)
	}
	return m, err
}

// Gap is what people ask and the knowledge does not answer, as it is shown.
type Gap struct {
	store.Gap
	Languages []string
	Examples  []Example // newest first; none for a reader who may not read conversations
	Nearest   *Found    // nil when it is gone, or there was none
}

// Example is a question of a gap, read from its message.
type Example struct {
	Message, Conversation desk.ID
	Text                  string
	At                    time.Time
}

// GapList says which gaps are listed.
type GapList struct {
	State store.GapState
	// A page begins behind the last one of the page before, known by its LastAt
	// and id; zero is the first page.
	Asked time.Time
	After desk.ID
	Texts bool // with what was asked, read from the messages
}

// Gaps lists gaps, the one asked last first.
func (k *Knowledge) Gaps(ctx context.Context, ws desk.ID, list GapList, limit int) ([]Gap, error) {
	var all []Gap
	err := k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		rows, err := r.Gaps(list.State, list.Asked, list.After, limit)
		all = make([]Gap, len(rows))
		for i, row := range rows {
			if err != nil {
				return err
			}
			all[i].Gap = row
			if all[i].Languages, err = r.GapLanguages(row.ID); err == nil && list.Texts {
				all[i].Examples, err = exampleTexts(r, row.ID)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, k.nearestOf(ctx, ws, all)
}

func (k *Knowledge) nearestOf(ctx context.Context, ws desk.ID, all []Gap) error {
	var ids []desk.ID
	for _, g := range all {
		if g.Passage != 0 {
			ids = append(ids, g.Passage)
		}
	}
	found, err := k.Passed(ctx, ws, ids)
	for i := range all {
		if at := slices.IndexFunc(found, func(f Found) bool { return f.ID == all[i].Passage }); at >= 0 {
			all[i].Nearest = &found[at]
		}
	}
	return err
}

func exampleTexts(r *store.Rx, gap desk.ID) ([]Example, error) {
	usable, err := usable(r, gap)
	var out []Example
	for _, u := range usable {
		out = append(out, Example{u.q.Message, u.q.Conversation, text.Cut(u.body, maxExample), u.q.At})
	}
	return out, err
}

// used is a question that may be used now, with its text.
type used struct {
	q     store.GapQuestion
	body  string
	names []string // of who wrote it
}

// usable lists the newest questions of a gap that may be learned from still.
func usable(r *store.Rx, gap desk.ID) ([]used, error) {
	all, err := r.GapQuestions(gap, tried)
	var out []used
	for _, q := range all {
		if err != nil || len(out) == examples {
			break
		}
		var ok bool
		if ok, err = mayLearn(r, q.Contact); err != nil || !ok {
			continue
		}
		m, e := r.Message(q.Message)
		if e != nil {
			err = gone(e)
			continue
		}
		body := text.Normalise(string(m.Body), MaxQuestion)
		same := func(o used) bool { return strings.EqualFold(o.body, body) }
		if m.Deleted || body == "" || slices.ContainsFunc(out, same) {
			continue
		}
		who, e := r.Contact(q.Contact)
		out, err = append(out, used{q, body, []string{who.Name, who.Email, who.Phone}}), e
	}
	return out, err
}
