package knowledge

import (
	"context"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/knowledge/doctor"
	"parley/internal/store"
)

// DoctorWork is the kind of work that looks the knowledge over, in the
// workspace's lane.
const DoctorWork = "doctor"

// DoctorAfter is how long the knowledge must have been at rest before it is
// looked over.
const DoctorAfter = 10 * time.Second

// Kinds of finding.
const (
	FoundClash   = "contradiction" // two sources give different numbers for one thing
	FoundExpired = "expired"       // a passage names an end that has passed
	FoundStale   = "stale"         // a source with prices or hours has not changed for long, or a site was not read for long
	FoundUnused  = "unused"        // passages of a source that no answer looked at for long
	FoundHeld    = "quarantined"   // passages that wait for review
)

// When something counts as old.
const (
	StaleAfter  = 180 * 24 * time.Hour
	UnusedAfter = 90 * 24 * time.Hour
)

const (
	maxClashes   = 100
	maxListed    = 50 // passages of one finding
	sourcesRead  = 1000
	maxDismissed = 1000
)

// looking is one look over a workspace's knowledge.
type looking struct {
	now      time.Time
	crawls   map[desk.ID]store.Crawl
	found    []store.Finding
	passages []doctor.Passage
	used     map[desk.ID]bool
	turns    int
}

// lookOver finds what should be looked at and puts it in place of what was found
// before.
func (k *Knowledge) lookOver(ctx context.Context, j *flow.Job) error {
	ws := j.Items[0].Workspace
	l, err := k.examine(ctx, ws)
	if err != nil {
		return err
	}
	l.clashes()
	return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetFindings(l.found); err != nil {
			return err
		}
		if err := k.Flow.Emit(tx, desk.Event{Kind: desk.FindingsChanged, Object: ws}); err != nil {
			return err
		}
		return j.Finish(tx)
	})
}

// Stale are the sources that are older than they should be, without those of
// which a member said that they are all right.
func (k *Knowledge) Stale(ctx context.Context, ws desk.ID) ([]desk.ID, error) {
	l, err := k.examine(ctx, ws)
	if err != nil {
		return nil, err
	}
	right, err := k.Findings(ctx, ws, true, FindingPage{Limit: maxDismissed})
	if err != nil {
		return nil, err
	}
	var all []desk.ID
	for _, f := range l.found {
		same := func(d store.Finding) bool { return d.Kind == FoundStale && slices.Equal(d.Sources, f.Sources) }
		if f.Kind == FoundStale && !slices.ContainsFunc(right, same) {
			all = append(all, f.Sources...)
		}
	}
	return all, nil
}

// examine looks at every source by itself.
func (k *Knowledge) examine(ctx context.Context, ws desk.ID) (*looking, error) {
	l := &looking{}
	err := k.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		*l = looking{now: k.DB.Clock().Now(), crawls: map[desk.ID]store.Crawl{}}
		if l.used, l.turns, err = r.UsedPassages(l.now.Add(-UnusedAfter)); err != nil {
			return err
		}
		all, err := r.Sources(1<<63-1, sourcesRead)
		for _, s := range all {
			var passages []store.Passage
			if err == nil {
				passages, err = r.Passages(s.ID)
			}
			if err == nil && isWeb(s.Kind) {
				if l.crawls[s.ID], err = r.Crawl(s.ID); desk.IsNotFound(err) {
					err = nil
				}
			}
			if err != nil {
				return err
			}
			l.source(s, passages)
		}
		return err
	})
	return l, err
}

func (l *looking) source(s store.Source, passages []store.Passage) {
	dated := false
	unused := store.Finding{Kind: FoundUnused, Name: s.ID.String(), Sources: []desk.ID{s.ID}}
	held := store.Finding{Kind: FoundHeld, Name: s.ID.String(), Sources: []desk.ID{s.ID}}
	for _, p := range passages {
		at := store.FindingPassage{Passage: p.ID, Source: s.ID}
		if p.Suspect != "" && !p.Cleared && !p.Hidden {
			held.Passages = append(held.Passages, at)
		}
		if !p.Live() {
			continue
		}
		l.passages = append(l.passages, doctor.Passage{ID: p.ID, Source: s.ID, Language: p.Language, Heading: p.Heading, Question: p.Question, Text: p.Text})
		dated = dated || doctor.Dated(p.Language, p.Text)
		if said, day, ok := doctor.Past(p.Text, l.now); ok {
			at.Said = said
			l.found = append(l.found, store.Finding{Kind: FoundExpired, Name: p.ID.String() + " " + said, Sources: []desk.ID{s.ID},
				Passages: []store.FindingPassage{at}, Date: day})
			at.Said = ""
		}
		if !l.used[p.ID] {
			unused.Passages = append(unused.Passages, at)
		}
	}
	if since := l.stale(s, dated); !since.IsZero() {
		l.found = append(l.found, store.Finding{Kind: FoundStale, Name: s.ID.String(), Sources: []desk.ID{s.ID}, Passages: []store.FindingPassage{}, Date: since})
	}
	// Nobody asked, or it is new: that tells nothing.
	if len(unused.Passages) > 0 && l.turns > 0 && s.CreatedAt.Add(UnusedAfter).Before(l.now) {
		l.found = append(l.found, cutTo(unused))
	}
	if len(held.Passages) > 0 {
		l.found = append(l.found, cutTo(held))
	}
}

// stale is since when a source is as it is, where that is too long; zero where it
// is not.
func (l *looking) stale(s store.Source, dated bool) time.Time {
	if c := l.crawls[s.ID]; Stale(c, l.now) {
		return c.FinishedAt
	}
	if dated && s.UpdatedAt.Add(StaleAfter).Before(l.now) {
		return s.UpdatedAt
	}
	return time.Time{}
}

func cutTo(f store.Finding) store.Finding {
	f.Passages = f.Passages[:min(len(f.Passages), maxListed)]
	return f
}

func (l *looking) clashes() {
	for _, c := range doctor.Clashes(l.passages, maxClashes) {
		from := c.Sources()
		l.found = append(l.found, store.Finding{Kind: FoundClash, Name: c.A.String() + " " + c.B.String() + " " + c.SaidA + "\x00" + c.SaidB, Sources: from[:],
			Passages: []store.FindingPassage{{Passage: c.A, Source: from[0], Said: c.SaidA}, {Passage: c.B, Source: from[1], Said: c.SaidB}}})
	}
}

// FindingPage is a part of the list of findings.
type FindingPage struct {
	Before desk.ID
	Limit  int
}

// Findings lists what the doctor found, newest first; Before 0 starts at the
// top.
func (k *Knowledge) Findings(ctx context.Context, ws desk.ID, dismissed bool, p FindingPage) (all []store.Finding, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { all, err = r.Findings(dismissed, p.Before, p.Limit); return err })
	return all, err
}

// LookOver asks for a look over the knowledge of every workspace.
func (k *Knowledge) LookOver(ctx context.Context) error {
	all, err := k.DB.Workspaces(ctx)
	for _, ws := range all {
		if err == nil {
			err = k.DB.In(ws.ID).Write(ctx, func(tx *store.Tx) error {
				return k.Flow.Add(tx, flow.Item{Kind: DoctorWork, Key: ws.ID}, flow.Coalesce(DoctorAfter))
			})
		}
	}
	return err
}
