package mask

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/kit/text"
)

// detector finds values of one kind.
type detector struct {
	kind kind
	find func(s string, n int) [][]int
}

// detectors stand in the order of how sure they are.
var detectors = [...]detector{
	{secret, findSecret}, {email, findEmail}, {iban, findIBAN}, {card, findCard}, {idNo, findID}, {address, findAddress}, {phone, findPhone},
}

var (
	linkLike  = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"')\]]{4,}`)
	secretArg = regexp.MustCompile(`(?i)[?&#;](?:[a-z_\-]*(?:token|key|code|sig|signature|auth|session|sid|password|pass|pwd|reset|invite|access|jwt|otp|secret|hash|email|mail|user|phone)[a-z_\-]*)=[^&\s]+`)
	longPart  = regexp.MustCompile(`[/=][A-Za-z0-9_\-]{20,}`)
	emailLike = regexp.MustCompile(`(?i)[\p{L}\p{N}][\p{L}\p{N}._%+\-']{0,63}@[\p{L}\p{N}][\p{L}\p{N}\-]{0,62}(?:\.[\p{L}\p{N}\-]{1,62}){1,8}`)
	emailSaid = regexp.MustCompile(`(?i)[\p{L}\p{N}][\p{L}\p{N}._%+\-]{1,63}\s?(?:\[at\]|\(at\)|\bat\b)\s?[\p{L}\p{N}\-]{1,62}\s?(?:\[dot\]|\(dot\)|\bdot\b)\s?(?:com|net|org|de|tr|es|fr|info|io|co|edu|eu)\b`)
)

// findSecret finds links that carry a token, an address or a password.
func findSecret(s string, _ int) [][]int {
	var out [][]int
	for _, at := range linkLike.FindAllStringIndex(s, -1) {
		link := s[at[0]:at[1]]
		_, rest, _ := strings.Cut(link, "//")
		host, _, _ := strings.Cut(rest, "/")
		if secretArg.MatchString(link) || strings.Contains(host, "@") || longPart.MatchString(rest) && strings.ContainsAny(longPart.FindString(rest), "0123456789") {
			out = append(out, at)
		}
	}
	return out
}

func findEmail(s string, _ int) [][]int {
	return append(emailLike.FindAllStringIndex(s, -1), emailSaid.FindAllStringIndex(s, -1)...)
}

// alone reports whether no letter or digit touches a span.
func alone(s string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	after, _ := utf8.DecodeRuneInString(s[to:])
	return !wordly(before) && !wordly(after)
}

func wordly(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// number is a run of digits with marks between them.
type number struct {
	at     []int
	digits string
	marks  bool // something stands between the digits
}

var numberLike = regexp.MustCompile(`\p{Nd}(?:[ \x{00a0}\-./]?\p{Nd}){7,25}`)

// numbers finds runs of digits that nothing touches.
func numbers(s string) []number {
	var out []number
	for _, at := range numberLike.FindAllStringIndex(s, -1) {
		if alone(s, at[0], at[1]) {
			d := digitsOf(s[at[0]:at[1]])
			out = append(out, number{at, d, utf8.RuneCountInString(s[at[0]:at[1]]) != len(d)})
		}
	}
	return out
}

// digitsOf leaves the digits of a text, of whatever script, as 0–9.
func digitsOf(s string) string {
	var b strings.Builder
	for _, r := range text.Fold(s) {
		if r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// findCard finds card numbers: 13 to 19 digits whose check digit fits.
func findCard(s string, _ int) [][]int {
	var out [][]int
	for _, n := range numbers(s) {
		if len(n.digits) >= 13 && len(n.digits) <= 19 && n.digits[0] >= '2' && n.digits[0] <= '6' && luhn(n.digits) {
			out = append(out, n.at)
		}
	}
	return out
}

func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

var (
	spanishID = regexp.MustCompile(`(?i)\b[XYZ]?\d{7,8}[ \-]?[A-Z]\b`)
	britishID = regexp.MustCompile(`(?i)\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b`)
	socialNo  = regexp.MustCompile(`\b\d{3}-\d{2}-\d{4}\b`)
)

// findID finds identity numbers: Turkish and French by their check digits,
// Spanish by its letter, British and American by their form.
func findID(s string, _ int) [][]int {
	var out [][]int
	for _, n := range numbers(s) {
		if turkishID(n.digits) || frenchID(n.digits) {
			out = append(out, n.at)
		}
	}
	for _, at := range spanishID.FindAllStringIndex(s, -1) {
		if isSpanishID(s[at[0]:at[1]]) {
			out = append(out, at)
		}
	}
	out = append(out, britishID.FindAllStringIndex(s, -1)...)
	return inOrder(append(out, socialNo.FindAllStringIndex(s, -1)...))
}

func turkishID(d string) bool {
	if len(d) != 11 || d[0] == '0' {
		return false
	}
	odd, even, all := 0, 0, 0
	for i := range 10 {
		v := int(d[i] - '0')
		all += v
		switch {
		case i < 9 && i%2 == 0:
			odd += v
		case i < 8:
			even += v
		}
	}
	return ((odd*7-even)%10+10)%10 == int(d[9]-'0') && all%10 == int(d[10]-'0')
}

func frenchID(d string) bool {
	if len(d) != 15 || d[0] != '1' && d[0] != '2' {
		return false
	}
	return 97-mod(d[:13], 97) == mod(d[13:], 100)
}

func isSpanishID(s string) bool {
	s = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(s))
	digits := strings.NewReplacer("X", "0", "Y", "1", "Z", "2").Replace(s[:1]) + s[1:len(s)-1]
	if len(digits) != 8 || strings.Trim(digits, "0123456789") != "" {
		return false
	}
	return "TRWAGMYFPDXBNJZSQVHLCKE"[mod(digits, 23)] == s[len(s)-1]
}

// mod is a decimal number modulo m.
func mod(digits string, m int) int {
	n := 0
	for i := range len(digits) {
		n = (n*10 + int(digits[i]-'0')) % m
	}
	return n
}

var ibanBegin = regexp.MustCompile(`[A-Za-z]{2}\d{2}`)

// ibanLength of the countries whose length differs from what mod 97 would find
// first.
var ibanLength = map[string]int{"TR": 26, "DE": 22, "GB": 22, "ES": 24, "FR": 27, "AT": 20, "CH": 21, "NL": 18, "BE": 16, "IT": 27, "PT": 25,
	"SA": 24, "AE": 23, "EG": 29, "PL": 28, "SE": 24, "DK": 18, "NO": 15, "FI": 18, "IE": 22, "GR": 27, "LU": 20, "RO": 24, "BG": 22, "CZ": 24, "HU": 28}

// findIBAN finds bank accounts whose check digits fit.
func findIBAN(s string, _ int) [][]int {
	var out [][]int
	for _, at := range ibanBegin.FindAllStringIndex(s, -1) {
		if end := ibanEnd(s, at[0]); end > 0 && alone(s, at[0], end) {
			out = append(out, []int{at[0], end})
		}
	}
	return out
}

// ibanEnd is where an account number that begins at from ends; 0 for none.
func ibanEnd(s string, from int) int {
	want := ibanLength[strings.ToUpper(s[from:from+2])]
	var compact []byte
	best := 0
	for i := from; i < len(s) && len(compact) < 34; i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z':
			compact = append(compact, c)
		case c >= 'a' && c <= 'z':
			compact = append(compact, c-32)
		case (c == ' ' || c == '-') && i > from && s[i-1] != ' ' && s[i-1] != '-':
			continue
		default:
			return best
		}
		if n := len(compact); (n == want || want == 0 && n >= 15) && mod97(compact) {
			if best = i + 1; want != 0 {
				return best
			}
		}
	}
	return best
}

func mod97(account []byte) bool {
	n := 0
	for i := range account {
		c := account[(i+4)%len(account)]
		if c >= 'A' {
			n = (n*100 + int(c-'A'+10)) % 97
		} else {
			n = (n*10 + int(c-'0')) % 97
		}
	}
	return n == 1
}
