package mask

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// covers A-7.1-05
func TestPersonalDataBecomesPlaceholders(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"Write to ayse.yilmaz+shop@example.com.tr please":    "Write to [EMAIL_1] please",
		"it is jane at example dot com":                      "it is [EMAIL_1]",
		"Call +90 532 111 22 33 or 0532 111 22 33":           "Call [PHONE_1] or [PHONE_2]",
		"numaram 5321112233":                                 "numaram [PHONE_1]",
		"my number is (415) 555-2671":                        "my number is [PHONE_1]",
		"ring 020 7946 0958 or 07700 900123":                 "ring [PHONE_1] or [PHONE_2]",
		"Rufen Sie 030 901820-12 an":                         "Rufen Sie [PHONE_1] an",
		"mi móvil es 612 345 678":                            "mi móvil es [PHONE_1]",
		"appelez le 06 12 34 56 78":                          "appelez le [PHONE_1]",
		"رقمي ٠٥٠١٢٣٤٥٦٧":                                    "رقمي [PHONE_1]",
		"IBAN TR33 0006 1005 1978 6457 8413 26 bu benim":     "IBAN [IBAN_1] bu benim",
		"de89370400440532013000":                             "[IBAN_1]",
		"card 4111 1111 1111 1111, thanks":                   "card [CARD_1], thanks",
		"TC kimlik no 10000000146":                           "TC kimlik no [ID_1]",
		"DNI 12345678Z":                                      "DNI [ID_1]",
		"ssn 123-45-6789":                                    "ssn [ID_1]",
		"I live at 12 Baker Street, Flat 3":                  "I live at [ADDRESS_1]",
		"postcode SW1A 2AA":                                  "postcode [ADDRESS_1]",
		"Ich wohne Hauptstraße 12, 10115 Berlin":             "Ich wohne [ADDRESS_1]",
		"vivo en Calle Mayor 15, 28013":                      "vivo en [ADDRESS_1]",
		"j'habite 12 rue de la Paix, 75002 Paris":            "j'habite [ADDRESS_1]",
		"https://shop.example/reset?token=abcdef&x=1 broken": "[LINK_1] broken",
		"see https://shop.example/returns":                   "see https://shop.example/returns",
		"a@b.example and a@b.example and c@d.example":        "[EMAIL_1] and [EMAIL_1] and [EMAIL_2]",
		"Ayşe'nin siparişi, AYŞE YILMAZ, ayse":               "[NAME_1]'nin siparişi, [NAME_2], [NAME_3]",
		"I am @ayse_91 there":                                "I am [NAME_1] there",
		"Can I come? I am Can.":                              "Can I come? I am [NAME_1].",
		"literally [EMAIL_1] and x@y.example":                "literally [TEXT_1] and [EMAIL_2]",
	} {
		if got := New("Ayşe Yılmaz", "@ayse_91", "Can").Mask(s); got != want {
			t.Errorf("%q\n became %q\n   want %q", s, got, want)
		}
	}
	tr := New().Mask("Adresim Caferağa Mah. Moda Cad. No:12 D:3 Kadıköy/İstanbul, ne zaman gelir?")
	if strings.Contains(tr, "Moda") || strings.Contains(tr, "12") || !strings.Contains(tr, "ne zaman gelir?") {
		t.Errorf("%q", tr)
	}
}

func TestFiguresOfTheBusinessStay(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"It costs 1.249,00 TL or 1,249.00 EUR", "order 1234567890", "Sipariş no: 4455667788", "open 09:00-18:00 and 09.00-18.00", "on 01.02.2026 at 10",
		"2026-11-22 10:30", "SKU 88012345678", "Bestellung 612345678", "10 % off from 100 €", "room 101, 2 persons, 3 nights", "call 444 0 850", "I have 2 questions about your street food",
		"the 3 nice shops of the town", "Can I return it?", "commande 1234567890", "5 days", "https://example.com/products/blue-coat"} {
		if got := New("Ayşe Yılmaz").Mask(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func TestAnInventedPlaceholderIsAnError(t *testing.T) {
	t.Parallel()
	table := New()
	masked := table.Mask("mail x@y.example")
	if got, err := table.Restore("We wrote to " + masked[len("mail "):]); err != nil || got != "We wrote to x@y.example" {
		t.Errorf("%q %v", got, err)
	}
	for _, s := range []string{"to [EMAIL_2]", "to [PHONE_1]", "to EMAIL_1", "to [email_1]", full} {
		if _, err := table.Restore(s); err == nil {
			t.Errorf("%q passed", s)
		}
	}
}

func TestOneTableServesTheWholeConversation(t *testing.T) {
	t.Parallel()
	texts, table := Mask([]string{"Zeynep"}, "I am Zeynep, z@x.example", "did you write to z@x.example?")
	if texts[0] != "I am [NAME_1], [EMAIL_1]" || texts[1] != "did you write to [EMAIL_1]?" || !slices.Equal(table.Placeholders(), []string{"[EMAIL_1]", "[NAME_1]"}) {
		t.Errorf("%q %v", texts, table.Placeholders())
	}
}

// holds checks the promises of a table for one text.
func holds(t interface{ Fatalf(string, ...any) }, s string) {
	s = strings.ToValidUTF8(s, "")
	table := New("Ayşe Yılmaz", "@ayse_91")
	masked := table.Mask(s)
	back, err := placeholder.ReplaceAllStringFunc(masked, func(p string) string { return table.value[p] }), error(nil)
	if err != nil || len(s) <= MaxText && len(table.value) < maxValues && back != s {
		t.Fatalf("%q became %q and back %q", s, masked, back)
	}
	if again := table.Mask(masked); again != masked {
		t.Fatalf("masked twice: %q, %q", masked, again)
	}
	plain := placeholder.ReplaceAllString(masked, "\x00")
	for p, v := range table.value {
		if !strings.HasPrefix(p, "[NAME") && !strings.HasPrefix(p, "[TEXT") && strings.Contains(plain, v) {
			t.Fatalf("%q still holds %q", masked, v)
		}
	}
}

func TestMaskingIsReversibleCompleteAndStable(t *testing.T) {
	t.Parallel()
	bits := []string{"Ayşe", "Yılmaz", "AYSE", "a@b.example", "x.y@z.example.org", "+90 532 111 22 33", "05321112233", "5321112233", "TR330006100519786457841326",
		"4111111111111111", "10000000146", "12345678Z", "[EMAIL_1]", "[NAME_1]", "[TEXT_1]", "[HIDDEN_0]", "https://x.example/?token=1", "Moda Cad. No:12", "12 Baker Street",
		"price", "1.249,00", "09.00-18.00", "@ayse_91", "rue", "-", "[", "]", "\n", "é", "ال", "0", "5", "12 rue de la Paix", "00 49 30 123456"}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(0, 14).Draw(t, "n") {
			b.WriteString(rapid.SampledFrom(bits).Draw(t, "bit"))
			b.WriteString(rapid.SampledFrom([]string{" ", "", ", ", ". "}).Draw(t, "gap"))
		}
		holds(t, b.String())
	})
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{"", "a@b.c", "[EMAIL_1][EMAIL_2]", "+1234567890", "\xff", strings.Repeat("1 ", 500), strings.Repeat("a@b.co ", 300), "TR33", "٠٥٠١٢٣٤٥٦٧"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { holds(t, s) })
}

func BenchmarkMask(b *testing.B) {
	for b.Loop() {
		New("Ayşe Yılmaz").Mask("Hello, I am Ayşe, my order 55123 went to 12 Baker Street, call 0532 111 22 33 or write a@b.example")
	}
}

func BenchmarkMaskHostile(b *testing.B) {
	s := strings.Repeat("1-2.3 4 a.b ", MaxText/12)
	for b.Loop() {
		New("Ayşe Yılmaz").Mask(s)
	}
}
