package bench

import (
	"testing"

	"parley/internal/kit/text"
)

func TestTheWaysOfTypingAreTheSameEachTime(t *testing.T) {
	t.Parallel()
	question := "Şirketin İstanbul'daki ılık mağazası ne zaman açılıyor?"
	want := map[string]string{
		"no diacritics":           "Sirketin Istanbul'daki ilik magazasi ne zaman aciliyor?",
		"capitals":                "ŞİRKETİN İSTANBUL'DAKİ ILIK MAĞAZASI NE ZAMAN AÇILIYOR?",
		"capitals, I for both":    "ŞIRKETIN İSTANBUL'DAKI ILIK MAĞAZASI NE ZAMAN AÇILIYOR?",
		"capitals, no diacritics": "SIRKETIN ISTANBUL'DAKI ILIK MAGAZASI NE ZAMAN ACILIYOR?",
		"an address behind it":    "Şirketin İstanbul'daki ılık mağazası ne zaman açılıyor? ayse.kaplan@posta.example",
		"a number behind it":      "Şirketin İstanbul'daki ılık mağazası ne zaman açılıyor? (+90 532 555 01 23)",
		"a sentence with an address before it": "Merhaba, ben Ayşe, e-posta adresim ayse.kaplan@posta.example. " +
			"Şirketin İstanbul'daki ılık mağazası ne zaman açılıyor?",
	}
	typed := map[string]bool{}
	for _, v := range variants() {
		got, ok := v.of("tr", question, v.draw)
		again, _ := v.of("tr", question, v.draw)
		if !ok || got != again {
			t.Errorf("%s: %q and then %q", v.name, got, again)
		}
		if v.name == "typo" {
			typed[got] = true
			if text.Fold(got) == text.Fold(question) {
				t.Errorf("no typing error in %q", got)
			}
		} else if got != want[v.name] {
			t.Errorf("%s: %q", v.name, got)
		}
	}
	if len(typed) != typos {
		t.Errorf("%d different typing errors", len(typed))
	}
	if got, ok := typo("en", "What is it to you?", 0); ok {
		t.Errorf("%q: a question of small words has no typing error", got)
	}
}
