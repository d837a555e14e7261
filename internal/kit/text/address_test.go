package text_test

import (
	"strings"
	"testing"

	"parley/internal/kit/text"
)

func TestAQuestionIsAskedWithoutTheAddressOfItsAsker(t *testing.T) {
	t.Parallel()
	ours := func(a string) bool { return strings.Contains(a, "shop.example") }
	for in, want := range map[string]string{
		"How much is shipping to Germany?":                                           "How much is shipping to Germany?",
		"How much is shipping? anna@mail.example":                                    "How much is shipping?",
		"I am anna@mail.example. How much is shipping?":                              "How much is shipping?",
		"How much is shipping to anna@mail.example":                                  "How much is shipping to",
		"Call me: +49 176 5550 1234. Do you open on Sunday?":                         "Do you open on Sunday?",
		"Numaram 0532 555 01 23, kargo ne kadar?":                                    "Numaram , kargo ne kadar?",
		"Hangi gün açıksınız (0 532 555 01 23)?":                                     "Hangi gün açıksınız ?",
		"هل التوصيل مجاني؟ رقمي +966 50 123 4567":                                    "هل التوصيل مجاني؟",
		"anna@mail.example":                                                          "anna@mail.example",
		"My mail is anna@mail.example":                                               "My mail is",
		"Is help@shop.example your real address?":                                    "Is help@shop.example your real address?",
		"Are you open from 01.12.2026 - 05.12.2026?":                                 "Are you open from 01.12.2026 - 05.12.2026?",
		"Öffnungszeiten 09.00 - 18.00?":                                              "Öffnungszeiten 09.00 - 18.00?",
		"Is the price 1.250.000,00 or 99.999.999?":                                   "Is the price 1.250.000,00 or 99.999.999?",
		"Where is order 5512?":                                                       "Where is order 5512?",
		"What is model X9000@2x?":                                                    "What is model X9000@2x?",
		"I bought a red lamp with anna@mail.example last week and it broke. Refund?": "I bought a red lamp with  last week and it broke. Refund?",
		"is anna@mail.example the one you wrote to? Do you ship?":                    "is  the one you wrote to? Do you ship?",
		"": "",
	} {
		if got := text.Unaddressed(in, ours); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzUnaddressed(f *testing.F) {
	f.Add("I am anna@mail.example (+49 176 5550 1234). How much?\n0532 555 01 23@x")
	f.Fuzz(func(t *testing.T, s string) {
		from := 0
		for _, p := range text.Addresses(s) {
			if p.Start < from || p.End <= p.Start || p.End > len(s) {
				t.Fatalf("%q: %v", s, p)
			}
			from = p.End
		}
		got := text.Unaddressed(s, func(string) bool { return false })
		if len(got) > len(s)+len(s)/2+1 {
			t.Fatalf("%q became %q", s, got)
		}
		if same := text.Unaddressed(s, func(string) bool { return true }); same != s {
			t.Fatalf("%q became %q", s, same)
		}
	})
}
