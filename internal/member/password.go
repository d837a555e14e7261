package member

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"parley/internal/desk"
	"parley/internal/kit/text"
)

// A password is the only factor, so it is long; what it is made of is the
// person's business (NIST 800-63B-4).
const (
	minPassword  = 15  // code points
	maxPassword  = 256 // code points
	maxPassBytes = 4 * maxPassword
	minLeft      = 6 // characters that must remain without names, words and runs
)

// prepared is the form of a password that is hashed: NFKC, once. ok is false for
// what no password can be, so that sign-in refuses it without asking further.
func prepared(password string) (_ string, ok bool) {
	if len(password) > maxPassBytes || !utf8.ValidString(password) || strings.ContainsRune(password, 0) {
		return "", false
	}
	p := norm.NFKC.String(password)
	return p, utf8.RuneCountInString(p) <= maxPassword && p != ""
}

// checkPassword says why a new password is refused: too short, too long, or
// made of what anybody would try first. names are what the person and their
// business are called.
func checkPassword(password string, names ...string) error {
	p, ok := prepared(password)
	if !ok && password != "" {
		return desk.Fail(desk.Invalid, "password_long", "a password has at most 256 characters")
	}
	if utf8.RuneCountInString(p) < minPassword {
		return desk.Fail(desk.Invalid, "password_short", "a password has at least 15 characters; a few words in a row are easy to keep in mind")
	}
	if leaked(p) {
		return desk.Fail(desk.Invalid, "password_common", "this password stands in lists of passwords that were stolen elsewhere, and is tried first; choose another one")
	}
	if left := uncommon(p, names); left < minLeft {
		return desk.Fail(desk.Invalid, "password_common", "this password is easy to guess: it is made of names, well-known words, repeats or rows of keys")
	}
	return nil
}

// uncommon counts the characters that are left of a password without names,
// well-known words, repeats and runs.
func uncommon(p string, names []string) int {
	rest := text.Fold(p)
	for _, n := range names {
		for _, w := range strings.FieldsFunc(text.Fold(n), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if utf8.RuneCountInString(w) >= 3 {
				rest = strings.ReplaceAll(rest, w, "\x00")
			}
		}
	}
	for _, plain := range []string{rest, unleet(rest)} {
		if n := min(leftOf(plain, false), leftOf(plain, true)); n < minLeft {
			return n
		}
	}
	return minLeft
}

// leftOf counts what is left of p without the words that are tried first. Where one
// word begins another (sifre, sifrem), the shorter is taken first or the longer:
// which of them was meant, only the letters after it tell.
func leftOf(p string, longFirst bool) int {
	words := strings.Fields(firstGuesses)
	slices.SortStableFunc(words, func(a, b string) int {
		if longFirst {
			a, b = b, a
		}
		return len(a) - len(b)
	})
	for _, w := range words {
		p = strings.ReplaceAll(p, w, "\x00")
	}
	return distinct(p)
}

// unleet reads the usual figures as the letters they stand for.
func unleet(s string) string {
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i").Replace(s)
}

// distinct counts characters, without those that only repeat the one before,
// carry a run on (abc, 321, qwerty) or repeat a group.
func distinct(s string) int {
	rs := []rune(s)
	for size := 1; size <= 6; size++ { // "abcabcabc" is worth one "abc"
		if len(rs) >= 3*size && repeats(rs, size) {
			rs = rs[:size]
			break
		}
	}
	n := 0
	for i, r := range rs {
		if r == 0 || i > 0 && (r == rs[i-1] || neighbours(rs[i-1], r)) {
			continue
		}
		n++
	}
	return n
}

func repeats(rs []rune, size int) bool {
	for i := size; i < len(rs); i++ {
		if rs[i] != rs[i-size] {
			return false
		}
	}
	return true
}

// keyRows are the ways a finger walks a keyboard: along a row, down the columns,
// up and down between two rows.
const keyRows = "qwertyuiop asdfghjkl zxcvbnm 1234567890 abcdefghijklmnopqrstuvwxyz " +
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p 1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6u7i8o9p0 qawsedrftgyhujikolp azsxdcfvgbhnjmk"

func neighbours(a, b rune) bool {
	pair := string([]rune{a, b})
	if a == ' ' || b == ' ' {
		return false
	}
	return strings.Contains(keyRows, pair) || strings.Contains(keyRows, string([]rune{b, a}))
}

// firstGuesses are words that lead every list of leaked passwords, in the
// languages of the product, plus what the product is called.
const firstGuesses = `password passwort parola sifre sifrem contrasena motdepasse passw0rd passwd
 parley welcome willkommen hosgeldin bienvenido administrator admin owner letmein iloveyou seniseviyorum
 dragon monkey football baseball princess sunshine shadow master superman batman trustno1 starwars
 michael jennifer jordan charlie ashley freedom whatever secret gizli computer internet service support
 qwerty qwertz azerty asdfgh zxcvbn abc123 changeme default login guest test demo example sample
 galatasaray fenerbahce besiktas trabzonspor istanbul ankara turkiye ataturk summer winter spring autumn
 correcthorsebatterystaple company business manager hello merhaba google facebook instagram whatsapp messenger`
