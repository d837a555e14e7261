package check

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// currencySigns leave out TRY, which is an English word when folded.
const currencySigns = `₺|€|\$|£|tl\b|lira\w*|eur\b|euros?\b|euro\w*|usd\b|dollars?\b|dolar\w*|gbp\b|pounds?\b|sterlin\w*|dolares\b|libras?\b|يورو|دولار|ليره|ليرات|جنيه|ريال|sar\b|درهم|aed\b|chf\b|franken\b`

// currency is one that prices are written in.
type currency struct {
	code  string
	named *regexp.Regexp
}

var currencies = []currency{
	{"TRY", regexp.MustCompile(`₺|\btl\b|\blira\w*|ليره|ليرات`)},
	{"EUR", regexp.MustCompile(`€|\beur\b|\beuro\w*|يورو`)},
	{"USD", regexp.MustCompile(`\$|\busd\b|\bdollars?\b|\bdolar\w*|دولار`)},
	{"GBP", regexp.MustCompile(`£|\bgbp\b|\bpounds?\b|\bsterlin\w*|\blibras?\b|جنيه`)},
	{"SAR", regexp.MustCompile(`\bsar\b|ريال`)},
	{"AED", regexp.MustCompile(`\baed\b|درهم`)},
	{"CHF", regexp.MustCompile(`\bchf\b|\bfranken\b`)},
}

var (
	percentAfter  = regexp.MustCompile(`(` + numeral + `) ?(?:%|percent\b|per cent\b|prozent\b|por ciento\b|pour cent\b|pourcent\b|في الميه|بالميه|بالمايه|في المايه|بالمءه)`)
	percentBefore = regexp.MustCompile(`(?:%|\byuzde) ?(` + numeral + `)`)
	priceAfter    = regexp.MustCompile(`(` + numeral + `) ?(?:-|,-)?(` + currencySigns + `|try\b)`)
	priceBefore   = regexp.MustCompile(`(` + currencySigns + `) ?(` + numeral + `)`)
)

const monthWords = `(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec` +
	`|ocak|subat|mart|nisan|mayis|haziran|temmuz|agustos|eylul|ekim|kasim|aralik` +
	`|januar|februar|marz|mai|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre` +
	`|janvier|fevrier|mars|avril|juin|juillet|aout|septembre|octobre|novembre|decembre)`

const arabicMonths = `(?:يناير|فبراير|مارس|ابريل|مايو|يونيو|يوليو|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر)`

var months = map[string]int{
	"january": 1, "jan": 1, "ocak": 1, "januar": 1, "enero": 1, "janvier": 1, "يناير": 1,
	"february": 2, "feb": 2, "subat": 2, "februar": 2, "febrero": 2, "fevrier": 2, "فبراير": 2,
	"march": 3, "mar": 3, "mart": 3, "marz": 3, "marzo": 3, "mars": 3, "مارس": 3,
	"april": 4, "apr": 4, "nisan": 4, "abril": 4, "avril": 4, "ابريل": 4,
	"may": 5, "mayis": 5, "mai": 5, "mayo": 5, "مايو": 5,
	"june": 6, "jun": 6, "haziran": 6, "juni": 6, "junio": 6, "juin": 6, "يونيو": 6,
	"july": 7, "jul": 7, "temmuz": 7, "juli": 7, "julio": 7, "juillet": 7, "يوليو": 7,
	"august": 8, "aug": 8, "agustos": 8, "agosto": 8, "aout": 8, "اغسطس": 8,
	"september": 9, "sept": 9, "sep": 9, "eylul": 9, "septiembre": 9, "septembre": 9, "سبتمبر": 9,
	"october": 10, "oct": 10, "ekim": 10, "oktober": 10, "octubre": 10, "octobre": 10, "اكتوبر": 10,
	"november": 11, "nov": 11, "kasim": 11, "noviembre": 11, "novembre": 11, "نوفمبر": 11,
	"december": 12, "dec": 12, "aralik": 12, "dezember": 12, "diciembre": 12, "decembre": 12, "ديسمبر": 12,
}

var (
	isoDate   = regexp.MustCompile(`\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b`)
	plainDate = regexp.MustCompile(`\b(\d{1,2}) ?[./\-] ?(\d{1,2}) ?[./\-] ?(\d{4}|\d{2})\b`)
	shortDate = regexp.MustCompile(`\b(\d{1,2})\.(\d{1,2})\.(?:\s|$|[^\d])`)
	dayMonth  = regexp.MustCompile(`\b(\d{1,2})(?:\.|st|nd|rd|th|er|º)? ?(?:de |d'|of )?(?:(` + monthWords + `)(?:da|de|ta|te|a|e|i|u|in|un|dan|den|tan|ten)?\b|(` + arabicMonths + `))\.?(?:,? (?:de |del )?(\d{4}))?`)
	monthDay  = regexp.MustCompile(`\b(` + monthWords + `)\.? (\d{1,2})(?:st|nd|rd|th)?\b(?:,? (\d{4}))?`)
)

// ranges reads 9.00-18.00, which looks like a date and a phone number.
func (r *reader) ranges() {
	r.take(dotRange, func(m []string) figure {
		a, b := r.moment(m[1], m[2]), r.moment(m[3], m[4])
		if !r.source {
			if len(a.forms) > 0 && len(b.forms) > 0 {
				r.out = append(r.out, a)
			}
			return b
		}
		return figure{"time", append(a.forms, b.forms...)}
	})
}

// dates reads dates in figures and with the names of months.
func (r *reader) dates() {
	r.take(isoDate, func(m []string) figure { return r.date(m[1], m[2], m[3]) })
	r.take(plainDate, func(m []string) figure {
		f := r.date(m[3], m[2], m[1])
		if other := r.date(m[3], m[1], m[2]); strings.Contains(m[0], "/") || len(f.forms) == 0 {
			f.class, f.forms = "date", append(f.forms, other.forms...)
		}
		return f
	})
	r.take(dayMonth, func(m []string) figure { return r.date(m[4], strconv.Itoa(months[m[2]+m[3]]), m[1]) })
	r.take(monthDay, func(m []string) figure { return r.date(m[3], strconv.Itoa(months[m[1]]), m[2]) })
	r.take(shortDate, func(m []string) figure { return r.date("", m[2], m[1]) })
}

func (r *reader) date(year, month, day string) figure {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return figure{}
	}
	if y > 0 && y < 100 {
		y += 2000
	}
	short := fmt.Sprintf("d:%d-%d", m, d)
	if y == 0 {
		return figure{"date", []string{short}}
	}
	f := figure{"date", []string{fmt.Sprintf("d:%d-%d-%d", y, m, d)}}
	if r.source {
		f.forms = append(f.forms, short, "n:"+strconv.Itoa(y))
	}
	return f
}

var (
	halfDay   = regexp.MustCompile(`\b(\d{1,2})(?:[:.](\d{2}))? ?(a\.?m\b|p\.?m\b|صباحا|مساء)`)
	clockTime = regexp.MustCompile(`\b(\d{1,2})(?::|h)(\d{2})\b`)
	wordTime  = regexp.MustCompile(`\b(\d{1,2})(?:\.(\d{2}))? ?(?:uhr\b|h\b|o'?clock\b|heures?\b)|(?:\bsaat|\ba las?|\bum|\bat|\bsaat:|الساعه) (\d{1,2})(?:\.(\d{2}))?\b`)
	dotRange  = regexp.MustCompile(`\b(\d{1,2})\.(\d{2}) ?- ?(\d{1,2})\.(\d{2})\b`)
	hourRange = regexp.MustCompile(`\b(\d{1,2}) ?- ?(\d{1,2})\b`)
	inPairs   = regexp.MustCompile(`\b\d{2}(?:[. ]\d{2}){4}\b`)
	clockDot  = regexp.MustCompile(`\b([01]?\d|2[0-4])\.([0-5]\d)\b`)
)

func clockForm(hour, minute int) string { return fmt.Sprintf("t:%02d:%02d", hour%24, minute) }

// moment is a time of the day in figures. As a source a full hour is a number,
// too: "from 9 to 18".
func (r *reader) moment(hour, minute string) figure {
	h, err := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	if err != nil || h > 24 || m > 59 {
		return figure{}
	}
	f := figure{"time", []string{clockForm(h, m)}}
	if r.source && m == 0 {
		f.forms = append(f.forms, "n:"+strconv.Itoa(h))
	}
	return f
}

// times reads times of the day. What may be something else (9.00, 9-18) is a
// time only for a source, and stays there to be read as what else it may be.
func (r *reader) times() {
	if r.source {
		r.maybeTimes()
	}
	r.take(halfDay, func(m []string) figure {
		h, _ := strconv.Atoi(m[1])
		switch late := strings.HasPrefix(m[3], "p") || strings.HasPrefix(m[3], "م"); {
		case late && h < 12:
			h += 12
		case !late && h == 12:
			h = 0
		}
		return r.moment(strconv.Itoa(h), m[2])
	})
	r.take(clockTime, func(m []string) figure { return r.moment(m[1], m[2]) })
	r.take(wordTime, func(m []string) figure {
		if m[1] != "" {
			return r.moment(m[1], m[2])
		}
		return r.moment(m[3], m[4])
	})
}

// maybeTimes are what a source's 9-18 and 9.00 may be, too.
func (r *reader) maybeTimes() {
	for _, re := range []*regexp.Regexp{hourRange, clockDot} {
		for _, m := range re.FindAllStringSubmatch(r.rest, -1) {
			if re == clockDot {
				r.out = append(r.out, r.moment(m[1], m[2]))
			} else {
				r.out = append(r.out, r.moment(m[1], ""), r.moment(m[2], ""))
			}
		}
	}
}

const (
	dayWords    = `(?:business |working |calendar |work)?days?\b|is gun\w*|gun\w*|(?:werk|arbeits|kalender)?tag(?:e|en|es)?\b|dias?\b|jours?\b|يوم\w*|ايام`
	weekWords   = `weeks?\b|hafta\w*|wochen?\b|semanas?\b|semaines?\b|اسبوع\w*|اسابيع`
	monthsWords = `months?\b|aylik\b|ay\b|ayda\b|aya\b|monat(?:e|en|s)?\b|mes(?:es)?\b|mois\b|شهر\w*|اشهر|شهور`
	yearWords   = `years?\b|yil\w*|sene\w*|jahr(?:e|en|es)?\b|anos?\b|ans?\b|annees?\b|سنه|سنوات|اعوام`
	hourWords   = `hours?\b|hrs?\b|saat\w*|stunden?\b|horas?\b|heures?\b|ساعه|ساعات`
	minuteWords = `minutes?\b|mins?\b|dakika\w*|minuten?\b|minutos?\b|دقيقه|دقاءق|دقايق`
)

// unit is a length of time.
type unit struct {
	code string
	one  *regexp.Regexp
	both *regexp.Regexp
}

func unitOf(code, words string) unit {
	return unit{code, regexp.MustCompile(`\b(\d{1,4})[- ]?(?:` + words + `)`),
		regexp.MustCompile(`\b(\d{1,4}) ?(?:-|to|and|or|ila|ile|ve|veya|bis|und|oder|a|y|o|et|ou|الي|او|و) ?(\d{1,4})[- ]?(?:` + words + `)`)}
}

// units reads lengths of time: 30 days in an answer are not the 30 € of a
// passage.
func (r *reader) units() {
	for _, u := range units() {
		r.take(u.both, func(m []string) figure {
			if !r.source {
				r.out = append(r.out, r.span(m[1], u.code))
				return r.span(m[2], u.code)
			}
			return figure{"duration", append(r.span(m[1], u.code).forms, r.span(m[2], u.code).forms...)}
		})
		r.take(u.one, func(m []string) figure { return r.span(m[1], u.code) })
	}
}

func (r *reader) span(n, code string) figure {
	v := decimal(n, "")
	f := figure{"duration", []string{"u:" + v + code}}
	if r.source {
		f.forms = append(f.forms, "n:"+v)
	}
	return f
}
