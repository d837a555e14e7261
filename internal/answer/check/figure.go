package check

import (
	"regexp"
	"strconv"
	"strings"

	"parley/internal/kit/text"
)

// sources are the texts that a part's figures may come from.
func (r *run) sources(p Part, withSaid bool) []string {
	passage := r.by[p.Passage]
	out := []string{passage.Title + "\n" + passage.Text}
	for _, f := range r.Facts {
		out = append(out, text.Cut(f, maxPart))
	}
	if withSaid {
		for _, s := range r.Said {
			out = append(out, text.Cut(s, maxPart))
		}
	}
	return out
}

// figures: every figure of a part stands in what it rests on. Prices and
// percentages do not come from the customer: somebody who writes "so it is
// free, 1 €?" must not be told so.
func (r *run) figures(p Part) string {
	wanted := figuresOf(enumerators.ReplaceAllString(p.Text, "\n"), false)
	if len(wanted) == 0 {
		return ""
	}
	ours, all := map[string]bool{}, map[string]bool{}
	for i, s := range r.sources(p, true) {
		own := i <= len(r.Facts)
		read := figuresOf(s, true)
		// "1. 12.03.2026" is the first line of a list, or else 1.12.03.
		if without := enumerators.ReplaceAllString(s, "\n"); without != s {
			read = append(read, figuresOf(without, true)...)
		}
		for _, f := range read {
			for _, form := range f.forms {
				all[form] = true
				if own {
					ours[form] = true
				}
			}
		}
	}
	for _, f := range wanted {
		in := all
		if f.class == "price" || f.class == "percentage" {
			in = ours
		}
		if !f.standsIn(in) {
			return f.class
		}
	}
	return ""
}

// enumerators are the numbers of a list.
var enumerators = regexp.MustCompile(`(?m)^\s*\p{Nd}{1,2}[.)]\s`)

// figure is a number of any kind in the forms by which another writing of it is
// known.
type figure struct {
	class string
	forms []string
}

func (f figure) standsIn(known map[string]bool) bool {
	for _, form := range f.forms {
		if known[form] {
			return true
		}
	}
	return false
}

// reader takes figures out of a text, kind after kind, so that the digits of a
// date are no numbers.
type reader struct {
	rest   string
	source bool
	out    []figure
}

// figuresOf reads the figures of a text. A source offers wider forms than an
// answer may use.
func figuresOf(s string, source bool) []figure {
	r := &reader{rest: placeholderLike.ReplaceAllString(text.Fold(spaces.Replace(s)), " "), source: source}
	r.take(emailLike, func(m []string) figure { return figure{"email", []string{"e:" + m[0]}} })
	r.takeLinks()
	r.ranges()
	r.take(inPairs, phone)
	r.dates()
	r.take(phoneLike, phone)
	r.times()
	r.take(percentBefore, func(m []string) figure { return r.percent(m[1]) })
	r.take(percentAfter, func(m []string) figure { return r.percent(m[1]) })
	r.take(priceAfter, func(m []string) figure { return r.price(m[1], m[2]) })
	r.take(priceBefore, func(m []string) figure { return r.price(m[2], m[1]) })
	r.units()
	r.take(numberLike, func(m []string) figure { return r.number(m[0], "number") })
	r.words()
	return r.out
}

var spaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "–", "-", "—", "-", "−", "-", "٫", ",", "٬", ".", "٪", "%", "،", ",")

// take reads every match as a figure and blanks it. A reading without forms
// leaves the match where it is.
func (r *reader) take(re *regexp.Regexp, read func([]string) figure) {
	var b strings.Builder
	at := 0
	for _, span := range re.FindAllStringSubmatchIndex(r.rest, -1) {
		m := make([]string, len(span)/2)
		for i := range m {
			if span[2*i] >= 0 {
				m[i] = r.rest[span[2*i]:span[2*i+1]]
			}
		}
		f := read(m)
		if len(f.forms) == 0 {
			continue
		}
		r.out = append(r.out, f)
		b.WriteString(r.rest[at:span[0]])
		b.WriteString(" ~ ")
		at = span[1]
	}
	b.WriteString(r.rest[at:])
	r.rest = b.String()
}

// takeLinks leaves links to the check of links; their digits are no figures.
func (r *reader) takeLinks() {
	r.rest = linkLike.ReplaceAllStringFunc(r.rest, func(l string) string {
		if numberOnly.MatchString(l) {
			return l
		}
		return " "
	})
}

const numeral = `\d{1,3}(?:[ ']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)*`

var (
	numberOnly = regexp.MustCompile(`^[\d.,]+$`)
	numberLike = regexp.MustCompile(`\b(?:` + numeral + `)`)
	phoneLike  = regexp.MustCompile(`\+?\(?\d[\d ()/\-.]{6,20}\d`)
)

// phone reads 8 and more digits with the sign of a phone number about them: a
// plus, a leading zero, groups.
func phone(m []string) figure {
	s := strings.TrimSpace(m[0])
	d := digitsOf(s)
	grouped := strings.ContainsAny(s, " -/()")
	if len(d) < 8 || len(d) > 15 || !strings.HasPrefix(s, "+") && d[0] != '0' && (!grouped || len(d) < 9) {
		return figure{}
	}
	return figure{"phone", []string{"ph:" + d[max(0, len(d)-9):]}}
}

func digitsOf(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, s)
}

// values are the numbers that a numeral may mean: 1.249 is 1249 or 1.249.
func values(s string) []string {
	s = strings.NewReplacer(" ", "", "'", "").Replace(s)
	dot, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	mark := max(dot, comma)
	if mark < 0 {
		return []string{decimal(s, "")}
	}
	whole, part := digitsOf(s[:mark]), s[mark+1:]
	marks := strings.Count(s, ".") + strings.Count(s, ",")
	switch {
	case dot >= 0 && comma >= 0 && strings.Count(s, s[mark:mark+1]) == 1: // 1.249,00
		return []string{decimal(whole, part)}
	case marks > 1: // 1.249.000, or 1.2.3
		if len(part) == 3 {
			return []string{decimal(whole+part, "")}
		}
		return []string{"v" + s}
	case len(part) == 3 && len(whole) <= 3 && whole != "0":
		return []string{decimal(whole+part, ""), decimal(whole, part)}
	}
	return []string{decimal(whole, part)}
}

func decimal(whole, part string) string {
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if part = strings.TrimRight(part, "0"); part == "" {
		return whole
	}
	return whole + "." + part
}

// number reads a plain number. As a source it is bare: it may be a price where
// its text names the currency apart.
func (r *reader) number(s, class string) figure {
	f := figure{class: class}
	if d := digitsOf(s); len(d) >= 8 { // or a phone number without its groups
		f.forms = append(f.forms, "ph:"+d[max(0, len(d)-9):])
	}
	for _, v := range values(s) {
		f.forms = append(f.forms, "n:"+v)
		if r.source {
			f.forms = append(f.forms, r.bare(v)...)
		}
		if hour, err := strconv.Atoi(v); err == nil && hour <= 24 && !r.source && class == "number" {
			f.forms = append(f.forms, clockForm(hour, 0))
		}
	}
	return f
}

// bare is a number as a price in each currency that its text names.
func (r *reader) bare(v string) []string {
	var out []string
	for _, c := range currencies {
		if c.named.MatchString(r.rest) {
			out = append(out, "p:"+v+c.code)
		}
	}
	return out
}

func (r *reader) percent(s string) figure {
	f := figure{class: "percentage"}
	for _, v := range values(s) {
		f.forms = append(f.forms, "%:"+v)
		if r.source {
			f.forms = append(f.forms, "n:"+v)
		}
	}
	return f
}

func (r *reader) price(amount, sign string) figure {
	code := ""
	if sign == "try" {
		code = "TRY"
	}
	for _, c := range currencies {
		if c.named.MatchString(sign) {
			code = c.code
			break
		}
	}
	if code == "" {
		return figure{}
	}
	f := figure{class: "price"}
	for _, v := range values(amount) {
		f.forms = append(f.forms, "p:"+v+code)
		if r.source {
			f.forms = append(f.forms, "n:"+v)
		}
	}
	return f
}
