package doctor

import (
	"testing"
	"time"

	"parley/internal/desk"
)

func TestDifferentNumbersForOneThingAreFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, lang, headA, a, headB, b string
		clash                          bool
	}{
		{"days", "en", "Returns", "You can return unworn items within 14 days.", "Returns", "Unworn items can be returned within 30 days.", true},
		{"the same days", "en", "Returns", "You can return unworn items within 30 days.", "Returns", "Unworn items can be returned within 30 days.", false},
		{"price", "en", "", "Shipping to Germany costs 4.90 EUR.", "", "The shipping cost to Germany is €5.90.", true},
		{"price of another country", "en", "", "Shipping to Germany costs 4.90 EUR.", "", "Shipping to France costs 9.90 EUR.", false},
		{"written another way", "en", "", "The walnut desk costs 1.249,00 EUR.", "", "The walnut desk costs EUR 1,249.", false},
		{"hours", "en", "Opening hours", "Saturdays the shop opens at 10:00.", "Opening hours", "The shop opens Saturdays at 09:30.", true},
		{"Turkish", "tr", "İade", "Giyilmemiş ürünleri 14 gün içinde iade edebilirsiniz.", "İade", "Giyilmemiş ürünler 30 gün içinde iade edilebilir.", true},
		{"other units", "en", "Returns", "You can return unworn items within 14 days.", "Returns", "Unworn items can be returned for 100%.", false},
	} {
		got := Clashes([]Passage{{1, 10, c.lang, c.headA, "", c.a}, {2, 20, c.lang, c.headB, "", c.b}}, 10)
		if (len(got) > 0) != c.clash {
			t.Errorf("%s: %+v", c.name, got)
		}
		if same := Clashes([]Passage{{1, 10, c.lang, c.headA, "", c.a}, {2, 10, c.lang, c.headB, "", c.b}}, 10); len(same) > 0 {
			t.Errorf("%s: one source against itself: %+v", c.name, same)
		}
	}
}

func TestAnEndThatHasPassedIsFound(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for s, want := range map[string]bool{
		"The offer is valid until 31 December 2025.":               true,
		"The offer is valid until December 31, 2025.":              true,
		"The offer is valid until 2026-11-22.":                     false,
		"The offer is valid until 31.12.2026.":                     false,
		"Valid from 1.1.2025 until 31.12.2026.":                    false,
		"Kampanya 31 Aralık 2025 tarihine kadar geçerlidir.":       true,
		"Gültig bis 31. Dezember 2025.":                            true,
		"La oferta es válida hasta el 31 de diciembre de 2025.":    true,
		"L'offre est valable jusqu'au 31 décembre 2025.":           true,
		"We were founded on 31 December 2015.":                     false,
		"The shop moved on 1.2.2024. The sale ends on 99.99.2024.": false,
		"Nothing ends here.":                                       false,
	} {
		if said, day, ok := Past(s, today); ok != want {
			t.Errorf("%q: %q %v %v", s, said, day, ok)
		}
	}
}

func FuzzDoctor(f *testing.F) {
	f.Add("You can return 1.249,00 EUR until 31.12.2025 at 10:00.", "en")
	f.Fuzz(func(t *testing.T, s, lang string) {
		if len(s) > 2000 {
			return
		}
		Past(s, time.Unix(0, 0))
		Dated(lang, s)
		for _, c := range Clashes([]Passage{{1, 1, lang, s, "", s}, {2, 2, lang, s, s, s + " 7"}}, 5) {
			if c.A != desk.ID(1) || c.B != desk.ID(2) {
				t.Fatalf("%+v", c)
			}
		}
	})
}
