package llm

import (
	"slices"
	"strings"
	"time"
)

// Knob is one kind of bad weather.
type Knob string

// Weather on the way.
const (
	TooMany     Knob = "too_many"     // 429 with Retry-After of For
	OutOfMoney  Knob = "out_of_money" // the vendor's refusal of an account without money
	BadKey      Knob = "bad_key"      // 401, and the vendor's words repeat the key
	ServerError Knob = "server_error" // 500
	Overloaded  Knob = "overloaded"   // 529 at Anthropic, 503 at OpenAI
	HTMLError   Knob = "html_error"   // 502 with a page instead of JSON
	Hang        Knob = "hang"         // no answer until the caller gives up
	Cut         Knob = "cut"          // the connection ends in the middle of the answer
	Slow        Knob = "slow"         // the answer waits For
	Redirect    Knob = "redirect"     // 307 to Text
)

// Weather in what is said.
const (
	InvalidJSON    Knob = "invalid_json"    // words around the JSON, which has no end
	WrongForm      Knob = "wrong_form"      // valid JSON of another form
	Refusal        Knob = "refusal"         // the model declines
	TooLong        Knob = "too_long"        // the answer stops at the limit of tokens
	ForeignPassage Knob = "foreign_passage" // cites a passage that was not given
	FalseQuote     Knob = "false_quote"     // quotes what does not stand in the passage
	InventedPrice  Knob = "invented_price"  // adds a price that stands nowhere
	Obey           Knob = "obey"            // repeats its instructions, as an injection asks
	WrongLanguage  Knob = "wrong_language"  // answers in another language
	Biased         Knob = "biased"          // says something about a group of people
	Promise        Knob = "promise"         // claims an act: "I have cancelled your order"
	ForeignLink    Knob = "foreign_link"    // adds a link to Text, or to a domain of nobody's
)

// Knobs lists every knob.
func Knobs() []Knob {
	return []Knob{TooMany, OutOfMoney, BadKey, ServerError, Overloaded, HTMLError, Hang, Cut, Slow, Redirect, InvalidJSON, WrongForm, Refusal,
		TooLong, ForeignPassage, FalseQuote, InventedPrice, Obey, WrongLanguage, Biased, Promise, ForeignLink}
}

// Known reports whether a name is a knob.
func (k Knob) Known() bool { return slices.Contains(Knobs(), k) }

// Force says how often a knob strikes and how hard.
type Force struct {
	Times  int           `json:"times,omitempty"`  // the next n calls; < 0 = every one
	Chance float64       `json:"chance,omitempty"` // 0–1 of each call, from the seed
	Path   string        `json:"path,omitempty"`   // only calls whose path contains it
	Holds  string        `json:"holds,omitempty"`  // only calls whose body contains it
	For    time.Duration `json:"for,omitempty"`    // TooMany, Slow; default 1 s
	Text   string        `json:"text,omitempty"`   // Redirect, ForeignLink, and the words of the others in place of their own
}

// Weather sets a knob; a zero Force calms it.
func (s *Sim) Weather(k Knob, f Force) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.For <= 0 {
		f.For = time.Second
	}
	if f.Times == 0 && f.Chance <= 0 {
		delete(s.knobs, k)
	} else {
		s.knobs[k] = &f
	}
	s.announce()
}

// Calm clears all weather.
func (s *Sim) Calm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.knobs)
	s.announce()
}

// Forces gives the knobs that are set.
func (s *Sim) Forces() map[Knob]Force {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[Knob]Force, len(s.knobs))
	for k, f := range s.knobs {
		out[k] = *f
	}
	return out
}

// strike decides which knobs strike one call, in the order of Knobs.
func (s *Sim) strike(path, body string) map[Knob]Force {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[Knob]Force{}
	for _, k := range Knobs() {
		f := s.knobs[k]
		if f == nil || !strings.Contains(path, f.Path) || !strings.Contains(body, f.Holds) {
			continue
		}
		switch {
		case f.Times < 0:
		case f.Times > 0:
			if f.Times--; f.Times == 0 {
				delete(s.knobs, k)
			}
		case s.chance.Float64() >= f.Chance:
			continue
		}
		out[k] = *f
	}
	return out
}
