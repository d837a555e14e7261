package privacy_test

import (
	"testing"

	"parley/internal/privacy"
)

// covers decision 8: who says of themselves that they are under the limit is
// meant, and nobody who speaks of somebody else, of another time or of minutes.
func TestAStatedOwnAgeIsToldFromEverythingElse(t *testing.T) {
	t.Parallel()
	for said, young := range map[string]bool{
		"Hi, I'm 13 years old": true, "i am 15 y/o and want shoes": true, "I am only 12.": true, "im 14 years old": true, "My age is 11": true, "I’m 15, can I order?": true,
		"13 yaşındayım": true, "Merhaba ben 12 yasindayim, sipariş verebilir miyim": true, "yaşım 14": true, "YAŞIM 14": true, "Henüz 15 yaşındayım": true,
		"I'm 16 years old": false, "I am 34 years old": false, "I'm 15 minutes late": false, "I am 12 km away": false, "My son is 12 years old": false,
		"12 yaşında bir kızım var": false, "16 yaşındayım": false, "When I'm 15 years old": false, "if I am 14, may I order?": false, "I was 12 years old": false,
		"She said: I'm 13 years old": false, `"I'm 13 years old"`: false, "I'm 1 year old customer": false, "size 13 please": false, "order 14": false, "": false, "I'm 5 of 10": false,
		"113 yaşındayım": false, "I am number 12": false, "I'm 2 years old here": false,
	} {
		if got := privacy.TooYoung(said); got != young {
			t.Errorf("%q: %v", said, got)
		}
	}
}
