package text

import (
	"slices"
	"testing"
)

func TestTurkishTypedWithoutItsLettersIsGuessedByVowelHarmony(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"yikanmasi": "yıkanması", "ucretiniz": "ücretiniz", "odemeler": "ödemeler", "KITAPLARIN": "kitapların",
		"ŞIRKETIN": "şirketin", "siparisimiz": "siparisimiz",
	} {
		if got := append(Respelled("tr", word), word); !slices.Contains(got, want) {
			t.Errorf("%s: %q lacks %s", word, got, want)
		}
	}
	for _, c := range [][2]string{{"en", "shipping"}, {"tr", "ücretiniz"}, {"de", "GROSS"}} {
		if got := Respelled(c[0], c[1]); len(got) != 0 {
			t.Errorf("%s is respelled: %q", c[1], got)
		}
	}
}
