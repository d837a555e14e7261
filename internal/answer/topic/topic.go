package topic

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"

	"parley/internal/kit/text"
)

// The topics that go to a person unless a workspace says otherwise.
const (
	Refund    = "refund"
	Complaint = "complaint"
	Legal     = "legal"
	Health    = "health"
)

// Topics lists the four of them.
func Topics() []string { return []string{Refund, Complaint, Legal, Health} }

// Categories lists the special categories of personal data, as GDPR articles 9
// and 10 and KVKK article 6 name them.
func Categories() []string {
	return []string{Health, "religion", "politics", "sexual_life", "origin", "union", "biometric", "genetic", "criminal"}
}

const (
	threshold = 1.5  // evidence from which on a message is of a topic
	longest   = 4000 // bytes that are read, 3/4 from the beginning
	maxTopics = 20
	maxOwn    = 100 // phrases of one topic
	ownLength = 200 // bytes of one phrase
	ownWeight = 3.0
)

// Own is what a workspace says of one topic: a built-in one with further
// phrases, or one of its own. A phrase is words; w* stands for any ending, ..
// for a few words between.
type Own struct {
	Topic   string   `json:"topic"`
	Phrases []string `json:"phrases,omitempty"`
	Not     []string `json:"not,omitempty"` // phrases that speak against it
}

// Settings are a workspace's own phrases.
type Settings struct {
	Own []Own `json:"own,omitempty"`
}

// Mention is a special category that a text touches, with the class of phrase
// that said so, never the text.
type Mention struct {
	Category string `json:"category"`
	Class    string `json:"class"`
}

// Reading is what a message is about.
type Reading struct {
	Topics  []string           // by evidence, strongest first
	Special []Mention          // ordered by category
	Intent  Intent             // "" none
	Scores  map[string]float64 // evidence per topic that had any; 1.5 and more count
}

// Detector reads messages for one workspace. It never changes and may be used
// by many at once.
type Detector struct{ own *book }

// New checks a workspace's phrases. Errors say what to do and may be shown.
func New(s Settings) (*Detector, error) {
	d := &Detector{own: &book{by: map[string][]int{}}}
	if len(s.Own) > maxTopics {
		return nil, errors.New("at most 20 topics")
	}
	for _, o := range s.Own {
		if o.Topic == "" || len(o.Topic) > 64 {
			return nil, errors.New("a topic's name has 1 to 64 bytes")
		}
		if len(o.Phrases)+len(o.Not) > maxOwn {
			return nil, errors.New("a topic has at most 100 phrases")
		}
		for i, p := range append(slices.Clone(o.Phrases), o.Not...) {
			weight := ownWeight
			if i >= len(o.Phrases) {
				weight = -2 * ownWeight
			}
			parts, err := ownPhrase(p)
			if err != nil {
				return nil, err
			}
			d.own.add(label{o.Topic, "own"}, weight, parts)
		}
	}
	return d, nil
}

func ownPhrase(s string) ([][]part, error) {
	s = strings.TrimSpace(strings.NewReplacer("(", " ", ")", " ", "|", " ", "?", " ").Replace(s))
	if len(s) > ownLength {
		return nil, errors.New("a phrase has at most 200 bytes")
	}
	parts, err := parsePhrase(s)
	if err != nil || len([]rune(strings.TrimRight(parts[0][0].words[0], "*"))) < 2 {
		return nil, errors.New("a phrase begins with a word of at least two letters")
	}
	return parts, nil
}

// Read reads one message with a workspace's settings; a detector made once is
// quicker. Settings that New refuses count as none.
func Read(s, language string, settings Settings) Reading {
	d, err := New(settings)
	if err != nil {
		d = &Detector{}
	}
	return d.Read(s, language)
}

// Read reads one message. language is a guess and may be "".
func (d *Detector) Read(s, language string) Reading {
	words := cutWords(text.Fold(ends(s)))
	if len(words) == 0 {
		return Reading{}
	}
	questions := generalQuestions(words)
	sums := phrases(words, language).sums(questions)
	judge(sums, minds(), words)
	if d.own != nil && len(d.own.phrases) > 0 {
		e := evidence{}
		d.own.hits(words, map[*phrase]int{}, func(h hit) { e.note(d.own.labels[h.phrase.label], h) })
		sums.own(e, questions)
	}
	r := sums.reading()
	r.Intent = intentOf(words)
	return r
}

// phrases is what the books find.
func phrases(words []word, language string) evidence {
	e := evidence{}
	seen := map[*phrase]int{}
	all := books()
	for _, lang := range spoken(words, language) {
		b := all.by[lang]
		b.hits(words, seen, func(h hit) { e.note(b.labels[h.phrase.label], h) })
	}
	return e
}

// ends is the beginning and the end of a long text: what people want stands at
// either.
func ends(s string) string {
	if len(s) <= longest {
		return s
	}
	tail := s[len(s)-longest/4:]
	return text.Cut(s, longest*3/4) + "\n" + strings.ToValidUTF8(tail, "")
}

// tally is the evidence of one sentence for one topic.
type tally struct{ best, rest, against, more float64 }

func (t *tally) add(weight float64) {
	if weight < 0 {
		t.more += max(t.against, weight)
		t.against = min(t.against, weight)
		return
	}
	t.rest += min(t.best, weight)
	t.best = max(t.best, weight)
}

// score counts the best phrase wholly and all others half, on both sides.
func (t tally) score() float64 { return t.best + t.rest/2 + t.against + t.more/2 }

type place struct {
	name     string
	sentence int
}

// evidence is what was found of every topic and category.
type evidence map[place]*found

type found struct {
	tally
	classes map[string]float64
}

func (e evidence) note(l label, h hit) {
	at := place{l.name, h.sentence}
	f := e[at]
	if f == nil {
		f = &found{classes: map[string]float64{}}
		e[at] = f
	}
	f.add(h.phrase.weight)
	if h.phrase.weight > 0 {
		f.classes[l.class] += h.phrase.weight
	}
}

// sum is what speaks for a topic or category in a whole message.
type sum struct {
	score   float64
	classes map[string]float64
}

type sums map[string]*sum

// sums counts the strongest sentence, and half of what the others add.
func (e evidence) sums(questions map[int]bool) sums {
	tallies := map[string]*tally{}
	out := sums{}
	for p, f := range e {
		score := f.score()
		if questions[p.sentence] && slices.Contains(Topics(), p.name) {
			score += general
		}
		if score <= 0 {
			continue
		}
		if tallies[p.name] == nil {
			tallies[p.name], out[p.name] = &tally{}, &sum{classes: map[string]float64{}}
		}
		tallies[p.name].add(score)
		for c, w := range f.classes {
			out[p.name].classes[c] += w
		}
	}
	for name, t := range tallies {
		out[name].score = t.score()
	}
	return out
}

// own adds a workspace's phrases, which have the last word.
func (s sums) own(e evidence, questions map[int]bool) {
	for p, f := range e {
		score := f.score()
		if questions[p.sentence] && slices.Contains(Topics(), p.name) {
			score += general
		}
		have := s[p.name]
		if have == nil {
			have = &sum{classes: map[string]float64{}}
			s[p.name] = have
		}
		have.score = max(have.score, 0) + score
	}
}

func (s sums) reading() Reading {
	r := Reading{Scores: map[string]float64{}}
	for name, one := range s {
		score := math.Round(one.score*100) / 100
		if score <= 0 {
			continue
		}
		special := slices.Contains(Categories(), name)
		if !special || name == Health {
			r.Scores[name] = score
		}
		if score < threshold {
			continue
		}
		if special {
			r.Special = append(r.Special, Mention{name, heaviest(one.classes)})
		}
		if !special || name == Health {
			r.Topics = append(r.Topics, name)
		}
	}
	slices.SortFunc(r.Topics, func(a, b string) int {
		return cmp.Or(cmp.Compare(r.Scores[b], r.Scores[a]), cmp.Compare(a, b))
	})
	slices.SortFunc(r.Special, func(a, b Mention) int { return cmp.Compare(a.Category, b.Category) })
	return r
}

func heaviest(classes map[string]float64) string {
	best := ""
	for c, w := range classes {
		if best == "" || w > classes[best] || w == classes[best] && c < best {
			best = c
		}
	}
	return best
}
