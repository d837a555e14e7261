package member_test

import (
	"strings"
	"testing"

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
