package doctor

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley/internal/kit/text"
)

var (
	isoDate  = regexp.MustCompile(`\b(20[0-9]{2})-([01][0-9])-([0-3][0-9])\b`)
	dayFirst = regexp.MustCompile(`\b([0-3]?[0-9])[./]([01]?[0-9])[./](20[0-9]{2})\b`)
	dayName  = regexp.MustCompile(`\b([0-3]?[0-9])(?:st|nd|rd|th|\.)?\s+(?:de\s+|of\s+)?(\pL+)\.?,?\s+(?:de\s+)?(20[0-9]{2})\b`)
	nameDay  = regexp.MustCompile(`\b(\pL+)\.?\s+([0-3]?[0-9])(?:st|nd|rd|th)?,?\s+(20[0-9]{2})\b`)
)

// months in every language, folded, in the order of the year.
const months = `january ocak januar enero janvier يناير
february subat februar febrero fevrier فبراير
march mart marz marzo mars مارس
april nisan april abril avril ابريل
may mayis mai mayo mai مايو
june haziran juni junio juin يونيو
july temmuz juli julio juillet يوليو
august agustos august agosto aout اغسطس
september eylul september septiembre septembre سبتمبر
october ekim oktober octubre octobre اكتوبر
november kasim november noviembre novembre نوفمبر
december aralik dezember diciembre decembre ديسمبر`

// ends are words that make a date an end, folded.
const ends = ` until till through valid expire expires ends deadline last
 kadar gecerli gecerlidir son sona biter bitis
 bis gultig endet lauft
 hasta valido valida vence termina
 jusqu jusquau valable expire termine
 حتي حتى صالح صالحه ينتهي `

func monthOf(name string) int {
	folded := text.Fold(name)
	n := 0
	for line := range strings.Lines(months) {
		n++
		for _, m := range strings.Fields(line) {
			if text.Fold(m) == folded || len(folded) >= 3 && len(folded) <= 4 && strings.HasPrefix(m, folded) {
				return n
			}
		}
	}
	return 0
}

// Past gives the sentence of a text that names an end which lies before today,
// and that day. ok is false when there is none, or another one lies ahead.
func Past(s string, today time.Time) (said string, day time.Time, ok bool) {
	for _, span := range text.Sentences(s) {
		sentence := span.Of(s)
		if !closing(sentence) {
			continue
		}
		last := time.Time{}
		for _, d := range dates(sentence) {
			if d.After(last) {
				last = d
			}
		}
		if !last.IsZero() && last.AddDate(0, 0, 1).Before(today) {
			return text.Cut(sentence, maxSaid), last, true
		}
	}
	return "", time.Time{}, false
}

func closing(s string) bool {
	for _, w := range text.Words(text.Fold(s)) {
		if strings.Contains(ends, " "+w.Text+" ") || strings.Contains(ends, " "+w.Text+"\n") {
			return true
		}
	}
	return false
}

func dates(s string) (all []time.Time) {
	add := func(year, month, day string) {
		y, _ := strconv.Atoi(year)
		m, err := strconv.Atoi(month)
		if err != nil {
			m = monthOf(month)
		}
		d, _ := strconv.Atoi(day)
		if t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC); m >= 1 && m <= 12 && t.Day() == d {
			all = append(all, t)
		}
	}
	for _, m := range isoDate.FindAllStringSubmatch(s, -1) {
		add(m[1], m[2], m[3])
	}
	for _, m := range dayFirst.FindAllStringSubmatch(s, -1) {
		add(m[3], m[2], m[1])
	}
	for _, m := range dayName.FindAllStringSubmatch(s, -1) {
		add(m[3], m[2], m[1])
	}
	for _, m := range nameDay.FindAllStringSubmatch(s, -1) {
		add(m[3], m[1], m[2])
	}
	return all
}
