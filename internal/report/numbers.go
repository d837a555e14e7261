package report

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// MaxDays is the longest period that can be asked for.
const MaxDays = 180

// Period is the counts of some days.
type Period struct {
	From, To time.Time // To is the end of its last day
	All      Figures
	Parts    map[string][]Named // channel, language, topic: most engagements first
}

// Named are the counts of one channel, language or topic.
type Named struct {
	Name    string
	Figures Figures
}

// Numbers are the counts of a period beside those of the one before it.
type Numbers struct {
	Now, Before Period
	Counted     time.Time // when the newest day was counted; zero = never
	Limited     bool      // limited data use: nothing is counted
}

// Numbers reads the last days of a workspace, today included, and as many days
// before them. days is 1 to MaxDays.
func (r *Report) Numbers(ctx context.Context, ws desk.ID, days int) (Numbers, error) {
	if days < 1 || days > MaxDays {
		return Numbers{}, desk.Fail(desk.Invalid, "days", "ask for 1 to 180 days")
	}
	today := dayOf(r.DB.Clock().Now())
	var out Numbers
	var all []store.Tally
	err := r.DB.In(ws).Read(ctx, func(rx *store.Rx) error {
		w, err := rx.Settings()
		if err != nil {
			return err
		}
		state, _, err := rx.CountState()
		if err != nil {
			return err
		}
		out.Limited, out.Counted = w.Limited, state.Counted
		all, err = rx.Tally(today-2*int64(days)+1, today)
		return err
	})
	first := today - int64(days) + 1
	out.Now = period(all, first, today)
	out.Before = period(all, first-int64(days), first-1)
	return out, err
}

func period(all []store.Tally, first, last int64) Period {
	sums := dayCount{}
	for _, t := range all {
		if t.Day >= first && t.Day <= last {
			sums.add(t.Part, t.Name, t.Figures)
		}
	}
	p := Period{From: dayStart(first), To: dayStart(last + 1), All: Figures{}, Parts: map[string][]Named{}}
	for key, f := range sums {
		if key[0] == All {
			p.All = f
		} else if key[0] != Confidence {
			p.Parts[key[0]] = append(p.Parts[key[0]], Named{key[1], f})
		}
	}
	for _, list := range p.Parts {
		slices.SortFunc(list, func(a, b Named) int {
			return cmp.Or(cmp.Compare(b.Figures[Engagements], a.Figures[Engagements]), cmp.Compare(a.Name, b.Name))
		})
	}
	return p
}

// Reasons are the reasons for calling a person, most frequent first.
func (p Period) Reasons() []Named {
	var all []Named
	for name, n := range p.All {
		if reason, ok := cutReason(name); ok {
			all = append(all, Named{reason, Figures{HandedOver: n}})
		}
	}
	slices.SortFunc(all, func(a, b Named) int {
		return cmp.Or(cmp.Compare(b.Figures[HandedOver], a.Figures[HandedOver]), cmp.Compare(a.Name, b.Name))
	})
	return all
}

func cutReason(name string) (string, bool) {
	const head = HandedOver + "."
	if len(name) <= len(head) || name[:len(head)] != head {
		return "", false
	}
	return name[len(head):], true
}

// Bucket is one twentieth of confidence with what became of its turns.
type Bucket struct {
	From, To  float64
	Sent      int64
	Drafted   int64
	Called    int64 // no answer was given: a person was called
	Wrong     int64 // of sent and drafted
	SentWrong int64 // of sent
}

// Step is what would have become of the same turns with another threshold, as if
// every channel was on autopilot: what is surer than it goes out, the rest waits
// as a draft.
type Step struct {
	Limit   float64
	Sent    int64
	Drafted int64
	Called  int64
	Wrong   int64 // of sent, as far as anybody found out
}

// Sureness is the histogram of confidence with its steps.
type Sureness struct {
	From, To time.Time
	Buckets  []Bucket
	Steps    []Step // 0, 0.05, … 1
	Counted  time.Time
	Limited  bool
}

// Confidence reads the histogram of the last days, today included.
func (r *Report) Confidence(ctx context.Context, ws desk.ID, days int) (Sureness, error) {
	if days < 1 || days > MaxDays {
		return Sureness{}, desk.Fail(desk.Invalid, "days", "ask for 1 to 180 days")
	}
	today := dayOf(r.DB.Clock().Now())
	first := today - int64(days) + 1
	out := Sureness{From: dayStart(first), To: dayStart(today + 1)}
	sums := dayCount{}
	err := r.DB.In(ws).Read(ctx, func(rx *store.Rx) error {
		clear(sums)
		w, err := rx.Settings()
		if err != nil {
			return err
		}
		state, _, err := rx.CountState()
		if err != nil {
			return err
		}
		out.Limited, out.Counted = w.Limited, state.Counted
		all, err := rx.Tally(first, today)
		for _, t := range all {
			if t.Part == Confidence {
				sums.add(t.Part, t.Name, t.Figures)
			}
		}
		return err
	})
	out.Buckets = buckets(sums)
	out.Steps = steps(out.Buckets)
	return out, err
}

func buckets(sums dayCount) []Bucket {
	all := make([]Bucket, Twentieths)
	for i := range all {
		all[i].From, all[i].To = float64(i)/Twentieths, float64(i+1)/Twentieths
	}
	for key := range maps.Keys(sums) {
		i, err := strconv.Atoi(key[1])
		if err != nil || i < 0 || i >= Twentieths {
			continue
		}
		f, b := sums[key], &all[i]
		b.Sent, b.Drafted, b.Called, b.Wrong, b.SentWrong = f[WasSent], f[WasDrafted], f[WasCalled], f[WasWrong], f[SentWrong]
	}
	return all
}

func steps(all []Bucket) []Step {
	var out []Step
	for i := range Twentieths + 1 {
		s := Step{Limit: float64(i) / Twentieths}
		for j, b := range all {
			s.Called += b.Called
			if j >= i {
				s.Sent += b.Sent + b.Drafted
				s.Wrong += b.Wrong
			} else {
				s.Drafted += b.Sent + b.Drafted
			}
		}
		out = append(out, s)
	}
	return out
}
