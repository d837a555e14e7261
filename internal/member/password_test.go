package member_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"parley/internal/member"
)

func TestPasswordsAreLongAndNotWhatAnybodyTriesFirst(t *testing.T) {
	t.Parallel()
	names := []string{"Kumaş Evi", "Ada Yılmaz", "ada@kumasevi.com.tr"}
	for _, p := range []string{good, "doğru at pil zımba", "correct horse battery", strings.Repeat("ab cd ef gh ij kl!", 14), "日本語のとても長い合言葉です。", "gT7#pQz2!mLw9xRb"} {
		if err := member.CheckPassword(p, names...); err != nil {
			t.Errorf("%q refused: %v", p, err)
		}
	}
	for p, want := range map[string]string{
		"short":                      "password_short",
		"":                           "password_short",
		"ﬁﬁﬁﬁﬁﬁﬁ":                    "password_short",
		strings.Repeat("x y", 90):    "password_long",
		"a\x00bcdefghijklmnopqrst":   "password_long",
		"aaaaaaaaaaaaaaaaaaaa":       "password_common",
		"abcabcabcabcabcabc":         "password_common",
		"123456789012345678":         "password_common",
		"qwertyuiopasdfgh":           "password_common",
		"P@ssw0rdP@ssw0rd":           "password_common",
		"kumasevi2026kumasevi":       "password_common",
		"ada.yilmaz@kumasevi.com":    "password_common",
		"Password1234567890":         "password_common",
		"galatasaray1905!!!":         "password_common",
		"abcdefghijklmnopqrstuvwxyz": "password_common",
		"correcthorsebatterystaple":  "password_common",
		"letmeinletmeinletmein":      "password_common",
		"adminadministrator":         "password_common",
	} {
		if err := member.CheckPassword(p, names...); reason(err) != want {
			t.Errorf("%q: %v, want %s", p, err, want)
		}
	}
}

// A password that was stolen elsewhere is refused although no rule speaks against
// it, however it is capitalised.
// asvs: V6.2.12
func TestAPasswordThatWasStolenElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	for _, p := range []string{"yfnfirfoo713_7283", "welcomegovicharis", "Wowo96321458745", "VYGODNER322332322332222450", "youngdroop123456"} {
		if err := member.CheckPassword(p); reason(err) != "password_common" {
			t.Errorf("%q: %v", p, err)
		}
		if err := member.CheckPassword(p[1:] + "~ 8 kestane"); err != nil {
			t.Errorf("one like %q that stands nowhere: %v", p, err)
		}
	}
	if n := member.LeakedPasswords(); n < 12_000 {
		t.Errorf("the list knows %d", n)
	}
}

// What stands in front on every list of leaked passwords as long as ours are: two
// or three well-known words, with a year or a row of figures behind, repeated, or a
// walk over the keys. The rules refuse all of them, not a list of some.
// asvs: V6.2.4, V6.2.11
func TestTheFirstThousandsOfAGuessersListAreRefused(t *testing.T) {
	t.Parallel()
	words := strings.Fields(member.FirstGuesses)
	tried := map[string]bool{}
	refused := func(p string) {
		if utf8.RuneCountInString(p) < member.MinPassword || tried[p] {
			return
		}
		tried[p] = true
		if err := member.CheckPassword(p); err == nil {
			t.Errorf("%q is taken", p)
		}
	}
	for _, a := range words {
		for _, b := range words {
			refused(a + b)
			for _, tail := range []string{"1", "123", "2026", "!", "1234!"} {
				refused(strings.ToUpper(a[:1]) + a[1:] + b + tail)
			}
		}
	}
	for _, walk := range []string{"1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv", "qazwsxedcrfvtgb", "zaq12wsxcde34rfv", "q1w2e3r4t5y6u7i8", "qwertyuiopasdfghjkl",
		"123456789012345", "987654321098765", "abcdefghijklmnop", "asdfghjklzxcvbnm", "111111111111111", "123123123123123", "q1w2e3r4q1w2e3r4", "azsxdcfvgbhnjmk"} {
		refused(walk)
	}
	if len(tried) < 3000 {
		t.Fatalf("only %d tried", len(tried))
	}
}
