package knowledge

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/text"
	"parley/internal/llm"
	"parley/internal/store"
)

// MeaningWork is the kind of work that makes vectors of passages, in the
// workspace's lane.
const MeaningWork = "meaning"

// MeaningAfter is how long after a change of the knowledge its vectors are made.
const MeaningAfter = 2 * time.Second

// Bounds of the making.
const (
	meantAtOnce   = 64   // passages of one call
	maxMeant      = 4000 // bytes of a passage that are read
	firstRest     = 30 * time.Second
	longestRest   = time.Hour
	maxUnreadable = 100 // passages a vendor may refuse before the fault is taken for its own
)

// Embedder makes vectors of texts by what a workspace chose, in their order and
// all of one length, and pays for them within its budget. Its errors are
// *llm.Error, or desk.Error where nothing was sent.
type Embedder interface {
	Embed(ctx context.Context, ws desk.ID, set desk.AISettings, texts []string) ([][]float32, error)
}

// making is one look at what is to be done.
type making struct {
	set     desk.AISettings
	before  store.Making
	batch   []store.Passage
	refused int64
	some    bool // there are vectors already: the model does what it should
}

// makeVectors makes one call for the passages that have no vector, and asks for
// the next one.
func (k *Knowledge) makeVectors(ctx context.Context, j *flow.Job) error {
	ws := j.Items[0].Workspace
	m, err := k.toMake(ctx, ws)
	if err != nil {
		return err
	}
	early := m.before.NextAt.Sub(k.DB.Clock().Now())
	switch {
	case len(m.batch) > 0 && early > 0 && j.Items[0].Seq == resting: // this node's clock is behind
		return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return k.rest(tx, j, early) })
	case len(m.batch) == 0 || early > 0:
		return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
	}
	texts := make([]string, len(m.batch))
	for i, p := range m.batch {
		texts[i] = meaningText(p)
	}
	got, failed := k.Embed.Embed(ctx, ws, m.set, texts)
	fresh, ok := toVectors(m, got)
	if failed == nil && !ok {
		failed = &llm.Error{Kind: llm.Broken, Words: "the vectors are not one for each text, all of one length"}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	err = k.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return k.keepVectors(tx, j, m, fresh, failed) })

	if desk.CodeOf(err) == desk.Conflict && failed == nil && otherLength(err) {
		failed = &llm.Error{Kind: llm.Broken, Words: "the vectors have another length than those made before"}
		return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return k.keepVectors(tx, j, m, nil, failed) })
	}
	return err
}

func otherLength(err error) bool {
	var e *desk.Error
	return errors.As(err, &e) && e.Reason == "other_dimensions"
}

func (k *Knowledge) toMake(ctx context.Context, ws desk.ID) (m making, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		m = making{}
		if m.set, err = r.AISettings(); err != nil || k.Embed == nil || m.set.Meant() == (desk.Meaning{}) {
			return err
		}
		if m.before, err = r.Making(); err != nil {
			return err
		}
		var with int64
		if _, with, m.refused, err = r.Meant(); err != nil {
			return err
		}
		m.some = with > 0
		size := meantAtOnce
		if ownFault(llm.Kind(m.before.Fault)) { // one of them may be the reason
			size = max(1, meantAtOnce>>(3*m.before.Tries))
		}
		m.batch, err = r.Unmeant(size)
		return err
	})
	return m, err
}

// meaningText is what a vector is made of: what the business wrote. Wordings that
// came from contacts go to nobody.
func meaningText(p store.Passage) string {
	parts := append([]string{p.Heading, p.Question}, p.Alternatives...)
	parts = slices.DeleteFunc(append(parts, p.Text), func(s string) bool { return strings.TrimSpace(s) == "" })
	return text.Cut(strings.Join(parts, "\n"), maxMeant)
}

// toVectors checks what came. false = it is not one vector for each text.
func toVectors(m making, got [][]float32) ([]store.Vector, bool) {
	if len(got) != len(m.batch) {
		return nil, false
	}
	choice := m.set.Meant()
	all := make([]store.Vector, len(got))
	for i, numbers := range got {
		components, ok := direction(numbers)
		if !ok || len(numbers) != len(got[0]) || choice.Dimensions > 0 && len(numbers) != choice.Dimensions {
			return nil, false
		}
		all[i] = store.Vector{Passage: m.batch[i].ID, Vendor: choice.Vendor, Model: choice.Model, Components: components}
	}
	return all, true
}

// keepVectors puts in what a call brought, or why it brought nothing. Settings
// that changed meanwhile make it worthless: their change brings work of its own.
func (k *Knowledge) keepVectors(tx *store.Tx, j *flow.Job, m making, fresh []store.Vector, failed error) error {
	if _, err := tx.HoldSettings(); err != nil {
		return err
	}
	now, err := tx.AISettings()
	if err != nil {
		return err
	}
	if now.Meant() != m.set.Meant() {
		return j.Finish(tx)
	}
	if failed != nil {
		return k.failedToMake(tx, j, m, failed)
	}
	if err := tx.PutVectors(m.batch, fresh); err != nil {
		return err
	}
	if m.before.Fault != "" {
		if err := tx.NoteFault(store.Making{}); err != nil {
			return err
		}
	}
	return j.Later(tx, j.Items[0], tx.Now())
}

// failedToMake notes a failure and when the next call is made. Where the texts
// may be the reason, fewer of them go along each time; one that is refused alone
// is left to its words.
func (k *Knowledge) failedToMake(tx *store.Tx, j *flow.Job, m making, failed error) error {
	fault := store.Making{Fault: faultOf(failed), Words: wordsOf(failed), Tries: m.before.Tries + 1}
	wait := min(firstRest<<min(m.before.Tries, 10), longestRest)
	if m.some && m.refused < maxUnreadable && ownFault(llm.Kind(fault.Fault)) {
		wait = 0
		if len(m.batch) == 1 {
			choice := m.set.Meant()
			if err := tx.PutVectors(m.batch, []store.Vector{{Passage: m.batch[0].ID, Vendor: choice.Vendor, Model: choice.Model}}); err != nil {
				return err
			}
			fault = store.Making{}
		}
	}
	var e *llm.Error
	if errors.As(failed, &e) {
		wait = min(max(wait, e.RetryAfter), longestRest)
	}
	fault.NextAt = tx.Now().Add(wait)
	if err := tx.NoteFault(fault); err != nil {
		return err
	}
	if wait == 0 {
		return j.Later(tx, j.Items[0], tx.Now())
	}
	return k.rest(tx, j, wait)
}

// resting marks the item that comes back after a failure. What changes meanwhile
// goes before it.
const resting = 1

func (k *Knowledge) rest(tx *store.Tx, j *flow.Job, wait time.Duration) error {
	if err := j.Finish(tx); err != nil {
		return err
	}
	return k.Flow.Add(tx, flow.Item{Kind: MeaningWork, Key: j.Items[0].Workspace, Seq: resting}, flow.After(wait))
}

// ownFault: the texts of a call may be the reason of its failure.
func ownFault(k llm.Kind) bool { return k == llm.BadRequest || k == llm.TooLong || k == llm.Broken }

// faultOf is the machine word of a failure.
func faultOf(err error) string {
	if kind := llm.KindOf(err); kind != "" {
		return string(kind)
	}
	var e *desk.Error
	if errors.As(err, &e) && e.Reason != "" {
		return e.Reason
	}
	return string(desk.CodeOf(err))
}

func wordsOf(err error) string {
	var e *llm.Error
	if errors.As(err, &e) {
		return e.Words
	}
	return ""
}

// MeaningState is how far the vectors of a workspace are.
type MeaningState struct {
	On       bool
	Passages int64 // that may be found
	Made     int64 // of them with a vector
	Refused  int64 // whose words the vendor does not take
	store.Making
}

// MeaningState tells how far the vectors are.
func (k *Knowledge) MeaningState(ctx context.Context, ws desk.ID) (s MeaningState, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		set, err := r.AISettings()
		if err != nil {
			return err
		}
		s = MeaningState{On: set.Meant() != (desk.Meaning{})}
		if s.Passages, s.Made, s.Refused, err = r.Meant(); err != nil {
			return err
		}
		s.Making, err = r.Making()
		return err
	})
	return s, err
}

// RetryMeaning makes the next call now, whatever failed before.
func (k *Knowledge) RetryMeaning(ctx context.Context, ws desk.ID) error {
	return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.NoteFault(store.Making{}); err != nil {
			return err
		}
		return k.Flow.Add(tx, flow.Item{Kind: MeaningWork, Key: ws}, flow.Coalesce(time.Second))
	})
}
