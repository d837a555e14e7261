package check

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/kit/text"
)

// Passage is one that the model was given.
type Passage struct{ ID, Title, Text string }

// Part is a piece of the answer with what it says it rests on.
type Part struct{ Text, Passage, Quote string }

// Input is an answer and everything that it may rest on.
type Input struct {
	Parts        []Part
	Passages     []Passage
	Said         []string // what the customer wrote: their numbers may be repeated, prices and percentages may not
	Facts        []string // rows of the catalogue and lines of the profile
	Domains      []string // where links may lead, subdomains included; none = no links
	Language     string   // ISO 639-1 of the answer; "" any
	Canary       string   // a line of the prompt that nobody may see
	Prompt       string   // instructions that must not be repeated (without passages)
	Placeholders []string // those that stand for something
	Never        []string // do-not-say rules of the workspace
	MaxRunes     int      // of the whole answer; 0 = 2,000
}

// Names of the checks, in the order they are run.
const (
	Shape       = "shape"       // the answer has parts of a sensible size
	Canary      = "canary"      // the secret line is absent
	Leak        = "prompt_leak" // nor does it repeat its instructions
	Placeholder = "placeholder" // every placeholder stands for something
	Promise     = "promise"     // no act is promised or reported
	Asking      = "asking"      // no card, identity or special-category data is asked for
	Known       = "passage"     // the passage was supplied
	Quote       = "quote"       // the quote stands in it
	Figures     = "figures"     // every figure stands in what it rests on
	Links       = "links"       // links lead to allowed places only
	Unsaid      = "do_not_say"  // a rule of the workspace
	Language    = "language"    // it is the customer's
	Length      = "length"      // it is short enough
	Left        = "left"        // something is left to say
)

// Finding is one check's result. Part is the index of the part, -1 for the
// whole answer. Value and Limit are the check's measure; What is the class of
// what failed, a machine word.
type Finding struct {
	Name  string
	OK    bool
	Part  int
	Value float64
	Limit float64
	What  string
}

// Result says what may be sent.
type Result struct {
	Findings []Finding // one per check, with the first failure where one failed
	Kept     []int     // indexes of the parts that hold
	Fail     string    // name of the check that failed the whole answer; "" none
}

// OK reports whether something may be sent.
func (r Result) OK() bool { return r.Fail == "" && len(r.Kept) > 0 }

const (
	maxParts   = 12
	maxAnswer  = 2000 // characters
	maxPart    = 8 << 10
	maxSource  = 64 << 10
	leakWords  = 8
	minQuote   = 6 // letters and digits
	sureOfIt   = 0.5
	fewLetters = 15
)

type run struct {
	Input
	Result
	kept map[int]bool
	by   map[string]Passage
}

// Run runs every check.
func Run(in Input) Result {
	r := &run{Input: in, kept: map[int]bool{}, by: map[string]Passage{}}
	for _, p := range in.Passages {
		p.Text = text.Cut(p.Text, maxSource)
		r.by[p.ID] = p
	}
	if !r.shape() {
		return r.Result
	}
	for i, p := range r.Parts {
		r.Parts[i].Text, r.Parts[i].Quote = text.Normalise(p.Text, maxPart), text.Normalise(p.Quote, maxPart)
		r.kept[i] = true
	}
	whole := r.whole()
	r.all(Canary, r.canary(whole))
	r.all(Leak, leak(whole, in.Prompt))
	r.all(Placeholder, r.placeholders())
	r.each(Promise, true, func(p Part) string { return promises(p.Text, r.by[p.Passage].Text) })
	r.each(Asking, true, func(p Part) string { return asks(p.Text) })
	r.each(Known, false, func(p Part) string {
		if _, ok := r.by[p.Passage]; !ok {
			return "unknown"
		}
		return ""
	})
	r.each(Quote, false, r.quote)
	r.each(Figures, false, r.figures)
	r.each(Links, false, r.links)
	r.each(Unsaid, false, r.unsaid)
	left := r.whole()
	r.language(left)
	r.length(left)
	for i := range r.Parts {
		if r.kept[i] {
			r.Kept = append(r.Kept, i)
		}
	}
	what := ""
	if len(r.Kept) == 0 {
		what = "nothing"
	}
	r.all(Left, what)
	return r.Result
}

// shape refuses what is not worth reading.
func (r *run) shape() bool {
	what := ""
	switch {
	case len(r.Parts) == 0:
		what = "empty"
	case len(r.Parts) > maxParts:
		what = "too_many_parts"
	}
	for _, p := range r.Parts {
		if len(p.Text) > maxPart || len(p.Quote) > maxPart {
			what = "too_long"
		} else if strings.TrimSpace(p.Text) == "" {
			what = "empty_part"
		}
	}
	r.Parts = slices.Clone(r.Parts)
	r.all(Shape, what)
	return what == ""
}

// whole is the text of the parts that are kept.
func (r *run) whole() string {
	var b strings.Builder
	for i, p := range r.Parts {
		if r.kept[i] {
			b.WriteString(p.Text)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// all notes a check of the whole answer.
func (r *run) all(name, what string) {
	f := Finding{Name: name, OK: what == "", Part: -1, What: what}
	if r.Findings = append(r.Findings, f); what != "" && r.Fail == "" {
		r.Fail = name
	}
}

// each notes a check of every part: fatal ones fail the answer, others drop the
// part.
func (r *run) each(name string, fatal bool, check func(Part) string) {
	f := Finding{Name: name, OK: true, Part: -1}
	for i, p := range r.Parts {
		what := ""
		if r.kept[i] || fatal {
			what = check(p)
		}
		if what == "" {
			continue
		}
		if f.Value++; f.OK {
			f.OK, f.Part, f.What = false, i, what
		}
		r.kept[i] = false
	}
	if r.Findings = append(r.Findings, f); fatal && !f.OK && r.Fail == "" {
		r.Fail = name
	}
}

// canary looks for the secret line, also spaced out, in capitals or backwards.
func (r *run) canary(whole string) string {
	secret := letters(r.Canary)
	if secret == "" {
		return ""
	}
	said := letters(whole)
	turned := []rune(secret)
	slices.Reverse(turned)
	if strings.Contains(said, secret) || strings.Contains(said, string(turned)) {
		return "canary"
	}
	return ""
}

// letters leaves folded letters and digits.
func letters(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, text.Fold(s))
}

var leaking = regexp.MustCompile(`passage_id|needs_human|"answerable"|system prompt|sistem (?:istem|komut|prompt)|systemprompt|my (?:system )?instructions (?:are|say|tell)|i was instructed|as an ai language model|talimatlarim (?:sunlar|soyle)|meine anweisungen (?:sind|lauten)|mis instrucciones (?:son|dicen)|mes instructions (?:sont|disent)|prompt del sistema|تعليماتي هي`)

// leak looks for a run of the instructions' words, and for words of the
// contract.
func leak(whole, prompt string) string {
	folded := text.Fold(whole)
	if leaking.MatchString(folded) {
		return "contract"
	}
	said, secret := plainWords(folded), plainWords(text.Fold(text.Cut(prompt, maxSource)))
	if len(said) < leakWords || len(secret) < leakWords {
		return ""
	}
	runs := map[string]bool{}
	for i := 0; i+leakWords <= len(secret); i++ {
		runs[strings.Join(secret[i:i+leakWords], " ")] = true
	}
	for i := 0; i+leakWords <= len(said); i++ {
		if runs[strings.Join(said[i:i+leakWords], " ")] {
			return "instructions"
		}
	}
	return ""
}

func plainWords(folded string) []string {
	return strings.FieldsFunc(folded, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

var placeholderLike = regexp.MustCompile(`(?i)\[?\b(?:EMAIL|PHONE|IBAN|CARD|ID|ADDRESS|LINK|NAME|TEXT|HIDDEN)_\d+\]?`)

func (r *run) placeholders() string {
	for _, p := range r.Parts {
		for _, found := range placeholderLike.FindAllString(p.Text, -1) {
			if !slices.Contains(r.Placeholders, found) {
				return "invented"
			}
		}
	}
	return ""
}

// quote reports whether a part's quote stands in its passage.
func (r *run) quote(p Part) string {
	quote, passage := flat(p.Quote), r.by[p.Passage]
	switch {
	case quote == "":
		return "missing"
	case len([]rune(letters(quote))) < minQuote && quote != flat(passage.Text):
		return "too_short"
	case !strings.Contains(flat(passage.Text), quote) && !strings.Contains(flat(passage.Title+" "+passage.Text), quote):
		return "not_in_passage"
	}
	return ""
}

var alike = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "’", "'", "‘", "'", "–", "-", "—", "-", "…", "...", "\u00a0", " ", "\u202f", " ", "*", "", "**", "")

// flat is folded text with single blanks and one kind of quotation mark.
func flat(s string) string {
	s = strings.Join(strings.Fields(alike.Replace(text.Fold(s))), " ")
	return strings.Trim(s, ` ."'…,;:`)
}

// unsaid looks for what the workspace never says.
func (r *run) unsaid(p Part) string {
	said := " " + strings.Join(plainWords(text.Fold(p.Text)), " ") + " "
	for _, never := range r.Never {
		if words := strings.Join(plainWords(text.Fold(text.Cut(never, 500))), " "); words != "" && strings.Contains(said, " "+words+" ") {
			return "rule"
		}
	}
	return ""
}

// language: only plain evidence for another language fails; a line of names and
// numbers has none.
func (r *run) language(whole string) {
	f := Finding{Name: Language, OK: true, Part: -1, Limit: sureOfIt}
	plain := placeholderLike.ReplaceAllString(linkLike.ReplaceAllString(whole, " "), " ")
	if r.Language != "" && len([]rune(letters(plain))) >= fewLetters {
		guess, sure := text.Language(plain, r.Language)
		f.Value = sure
		if guess != r.Language && (sure >= sureOfIt || script(guess) != script(r.Language)) {
			f.OK, f.What = false, "other_language"
		}
	}
	if r.Findings = append(r.Findings, f); !f.OK && r.Fail == "" {
		r.Fail = Language
	}
}

func script(lang string) string {
	if lang == "ar" || lang == "ru" {
		return lang
	}
	return "latin"
}

func (r *run) length(whole string) {
	limit := r.MaxRunes
	if limit <= 0 {
		limit = maxAnswer
	}
	n := utf8.RuneCountInString(strings.TrimSpace(whole))
	f := Finding{Name: Length, OK: n <= limit, Part: -1, Value: float64(n), Limit: float64(limit)}
	if !f.OK {
		f.What = "too_long"
	}
	if r.Findings = append(r.Findings, f); !f.OK && r.Fail == "" {
		r.Fail = Length
	}
}
