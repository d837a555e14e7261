package report

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// Parts of what happened that are counted apart.
const (
	All        = "all"
	Channel    = "channel"
	Language   = "language"
	Topic      = "topic"
	Confidence = "confidence" // by twentieths: "00" to "19"
)

// Twentieths is how many parts the confidence is cut into.
const Twentieths = 20

// Figures of one twentieth of confidence: turns with an answer that went out,
// that became a draft, and those of both that were wrong; and turns that called
// a person.
const (
	WasSent    = "sent"
	WasDrafted = "drafted"
	WasCalled  = "handed_over"
	WasWrong   = "wrong"
	SentWrong  = "sent_wrong"
)

// dayCount is the counts of one day while they are made.
type dayCount map[[2]string]Figures

func (d dayCount) add(part, name string, f Figures) {
	if name == "" {
		name = "unknown"
	}
	key := [2]string{part, name}
	if d[key] == nil {
		d[key] = Figures{}
	}
	d[key].plus(f)
}

// with is d and the counts of people who were made nameless.
func (d dayCount) with(kept []store.Tally) dayCount {
	sum := dayCount{}
	for key, f := range d {
		sum.add(key[0], key[1], f)
	}
	for _, k := range kept {
		sum.add(k.Part, k.Name, k.Figures)
	}
	return sum
}

// count adds one engagement with its parts.
func (d dayCount) count(c store.Counted, s Stretch, f Figures) {
	d.add(All, All, f)
	d.add(Channel, c.Channel, f)
	d.add(Language, s.language(), f)
	topics := s.topics()
	for _, t := range topics {
		d.add(Topic, t, f)
	}
	if len(topics) == 0 {
		d.add(Topic, "none", f)
	}
	for _, run := range s.Runs {
		if name, figures := s.confidence(run); name != "" {
			d.add(Confidence, name, figures)
		}
	}
}

// confidence is what became of a turn that looked for an answer, by how sure it
// was; "" for others, such as greetings.
func (s Stretch) confidence(run desk.Run) (name string, f Figures) {
	if len(run.Passages) == 0 && run.Outcome != "handed_over" {
		return "", nil
	}
	f = Figures{}
	switch wrong := s.wrong(run); {
	case run.Outcome == "sent" && run.Decision == desk.DecideAnswer:
		f.add(WasSent, 1)
		if wrong {
			f.add(WasWrong, 1)
			f.add(SentWrong, 1)
		}
	case run.Outcome == "drafted":
		f.add(WasDrafted, 1)
		if wrong {
			f.add(WasWrong, 1)
		}
	case run.Outcome == "handed_over", run.Outcome == "flagged":
		f.add(WasCalled, 1)
	default:
		return "", nil
	}
	return twentieth(run.Confidence), f
}

func twentieth(confidence float64) string {
	return fmt.Sprintf("%02d", min(max(int(confidence*Twentieths), 0), Twentieths-1))
}

// rows are the counts as they are kept.
func (d dayCount) rows(day int64) []store.Tally {
	var all []store.Tally
	for _, key := range slices.SortedFunc(maps.Keys(d), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		all = append(all, store.Tally{Day: day, Part: key[0], Name: key[1], Figures: d[key]})
	}
	return all
}

// dayOf is the number of the UTC day of a time.
func dayOf(t time.Time) int64 {
	const seconds = 24 * 60 * 60
	return t.Unix() / seconds
}

// dayStart is the beginning of a day.
func dayStart(day int64) time.Time { return time.Unix(day*24*60*60, 0).UTC() }
