package quote

import (
	"regexp"
	"slices"
	"strings"
)

// The commonest question to a business, when it is open, is answered by times
// of day and not by the words of the question: the passages that hold such
// times are told apart from those that only share its words.

// AsksOpening reports a question about when a business is open.
func AsksOpening(question string) bool {
	return begins(question,
		"opening hour", "opening time", "open hour", "closing hour", "closing time", "business hour", "working hour", "office hour",
		"store hour", "shop hour", "hours of operation", "are you open", "are you closed", "are you still open", "do you open", "do you close",
		"store open", "stores open", "shop open", "store close", "stores close", "shop close",
		"calisma saat", "acilis saat", "kapanis saat", "mesai saat", "magaza saat", "saat kacta ac", "saat kacta kap", "kacta ac", "kacta kap",
		"kaca kadar ac", "acik mi", "kapali mi", "hangi saat", "hangi gunler ac", "ne zaman acik", "ne zaman aciliyor", "ne zaman kapan",
		"offnungszeit", "geoffnet", "haben sie auf", "habt ihr auf", "wann offne", "wann schlie", "wann macht",
		"horario", "que hora abre", "que hora abri", "que hora cierra", "estan abiert", "esta abiert", "cuando abre", "cuando cierra",
		"ساعات العمل", "ساعات الدوام", "مواعيد العمل", "متى تفتح", "متى تغلق", "متى يفتح")
}

// begins reports that a run of words of s begins with one of the phrases; the
// last word may go on.
func begins(s string, phrases ...string) bool {
	padded := " " + strings.Join(foldWords(s), " ")
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(padded, " "+p) })
}

var (
	clock   = regexp.MustCompile(`\b(?:[01]?\d|2[0-4])(?::[0-5]\d|\.(?:00|15|30|45))\b`)
	atHour  = regexp.MustCompile(`(?i)\b(?:at|from|until|till|um|ab|bis|saat)\s(?:[01]?\d|2[0-4])(?:[^\d.,:]|[.,]\D|[.,]?$)`)
	halfDay = regexp.MustCompile(`(?i)\b1?\d ?[ap]\.?m\b|\d Uhr\b|\b24/7\b|\b7/24\b`)
	money   = regexp.MustCompile(`(?i)[\d.,]+\s?(?:EUR|USD|GBP|TRY|TL|CHF|€|\$|£|₺|%)|[€$£₺]\s?[\d.,]+`)
	number  = regexp.MustCompile(`\d`)
)

// holdsHours reports a span of times of day, a day of the week beside a number,
// or one time beside a word of opening. A single time alone is a deadline as
// often as not.
func holdsHours(s string) bool {
	s = money.ReplaceAllString(s, " ")
	times := len(clock.FindAllString(s, 2)) + len(halfDay.FindAllString(s, 2)) + len(atHour.FindAllString(s, 2))
	if times > 1 || times > 0 && begins(s, "open", "close", "shut", "24 7", "7 24", "acik", "acig", "kapa", "geoffnet", "schlie", "abiert", "abrimos", "cerra", "مفتوح", "مغلق") {
		return true
	}
	return number.MatchString(s) && begins(s, "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekday",
		"pazartesi", "sali ", "carsamba", "persembe", "cuma", "hafta ici", "her gun",
		"montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "lunes", "martes", "miercoles", "jueves", "viernes",
		"sabado", "domingo", "الاثنين", "الثلاثاء", "الاربعاء", "الخميس", "الجمعه", "السبت", "الاحد")
}

// fits reports whether a passage is of the kind that a question about opening
// hours asks for.
func (c *Candidate) fits() bool {
	return c.Question != "" && AsksOpening(strings.Join(append([]string{c.Question}, c.Alternatives...), " . ")) || holdsHours(c.Text)
}

// Fitting gives the places of the candidates that are of the kind a question
// asks for, in their order: all of them, when the question asks for no kind that
// can be told, or none fits.
func Fitting(question string, list []Candidate) []int {
	var all, fitting []int
	opening := AsksOpening(question)
	for i := range list {
		all = append(all, i)
		if opening && list[i].fits() {
			fitting = append(fitting, i)
		}
	}
	if len(fitting) == 0 {
		return all
	}
	return fitting
}
