package text

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNormaliseDropsWhatAReaderCannotSee(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a\x00b\u200bc\u202ed\ufeff":         "abcd",
		"  two\r\nlines\rhere \n":            "two\nlines\nhere",
		"e\u0301":                            "é",
		"bad \xff byte":                      "bad  byte",
		"tag\U000e0041\U000e0042":            "tag",
		"👩‍👧 ok":                             "👩‍👧 ok",
		"می\u200cخواهم":                      "می\u200cخواهم",
		"x\u200dy":                           "xy",
		"soft\u00adhyphen":                   "softhyphen",
		"\u2066isolated\u2069 \u061carabic":  "isolated arabic",
		"line\u2028separator\tand tab stays": "line\nseparator\tand tab stays",
	} {
		if got := Normalise(in, 0); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Normalise("çççç", 5); got != "çç" {
		t.Errorf("cut inside a character: %q", got)
	}
}

func TestFoldMakesTheSameLettersEqual(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"IŞIK", "ışık"}, {"İADE", "iade"}, {"iade", "ıade"}, {"Straße", "STRASSE"}, {"Größe", "grosse"},
		{"¿Cuánto?", "¿cuanto?"}, {"إرجاع", "ارجاع"}, {"مكتبة", "مكتبه"}, {"٣٤", "34"}, {"Ødegård", "odegard"},
	} {
		if Fold(pair[0]) != Fold(pair[1]) {
			t.Errorf("%q folds to %q, %q to %q", pair[0], Fold(pair[0]), pair[1], Fold(pair[1]))
		}
	}
}

func TestTurkishStemsMeetWhateverTheCase(t *testing.T) {
	t.Parallel()
	want := []string{"turki", "isik", "palto"}
	for _, s := range []string{"Türkiye'nin ışıkları paltoyu", "TÜRKİYE'NİN IŞIKLARI PALTOYU"} {
		if got := Stems("tr", s); !reflect.DeepEqual(got, want) {
			t.Errorf("Stems(tr, %q) = %v, want %v", s, got, want)
		}
	}
	if got := Stems("en", "the shop’s returns returning"); !reflect.DeepEqual(got, []string{"the", "shop", "return", "return"}) {
		t.Errorf("English stems: %v", got)
	}
}

func TestGramsKeepWordBounds(t *testing.T) {
	t.Parallel()
	if got := Grams("İade et", 4); !reflect.DeepEqual(got, []string{" iad", "iade", "ade ", " et "}) {
		t.Errorf("Grams: %q", got)
	}
	if got := Grams("a", 4); !reflect.DeepEqual(got, []string{" a "}) {
		t.Errorf("short word: %q", got)
	}
	if got := CrossGrams("ab c", 3); !reflect.DeepEqual(got, []string{" ab", "ab ", "b c", " c "}) {
		t.Errorf("CrossGrams: %q", got)
	}
	if got := CrossGrams("?!", 3); got != nil {
		t.Errorf("no words: %q", got)
	}
}

func TestLanguageOfShortMessages(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"Can I return a coat that is too small?":      "en",
		"Where is my order":                           "en",
		"Çok küçük gelen paltoyu iade edebilir miyim": "tr",
		"kargo ne kadar surer":                        "tr",
		"siparisim nerede":                            "tr",
		"iade etmek istiyorum":                        "tr",
		"Wie lange dauert der Versand?":               "de",
		"Wo ist mein Paket":                           "de",
		"¿Cuánto cuesta el envío?":                    "es",
		"donde esta mi pedido":                        "es",
		"كم سعر التوصيل؟":                             "ar",
		"size guide":                                  "en", // the hint decides
		"ok":                                          "en",
		"👍":                                           "en",
	} {
		if got, sure := Language(s, "en", "tr", "de", "es", "ar"); got != want {
			t.Errorf("Language(%q) = %q (%.2f), want %q", s, got, sure, want)
		}
	}
	if got, sure := Language("ok"); got != "" || sure != 0 {
		t.Errorf("no evidence and no hint: %q %.2f", got, sure)
	}
	if got, _ := Language("Wie lange dauert der Versand nach Wien?", "en", "tr"); got != "de" {
		t.Errorf("plain German beside other hints: %q", got)
	}
}

func TestSentencesKeepAbbreviationsAndNumbersWhole(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"It costs 4.90 EUR. Sent by e.g. DHL. Fine!":       {"It costs 4.90 EUR.", "Sent by e.g. DHL.", "Fine!"},
		"Ücret 749,90 TL'dir. 3. gün gelir. Olur mu? Evet": {"Ücret 749,90 TL'dir.", "3. gün gelir.", "Olur mu?", "Evet"},
		"Wir liefern z.B. Jacken. Bis 5. Mai.":             {"Wir liefern z.B. Jacken.", "Bis 5. Mai."},
		"¿Cuánto? \"Nada.\" Vale":                          {"¿Cuánto?", "\"Nada.\"", "Vale"},
		"هل يمكن؟ نعم. شكرا":                               {"هل يمكن؟", "نعم.", "شكرا"},
		"Open until 19. We close at 8. Bye":                {"Open until 19.", "We close at 8.", "Bye"},
		"- one\n- two\n\n":                                 {"- one", "- two"},
		"":                                                 nil,
	} {
		var got []string
		for _, p := range Sentences(in) {
			got = append(got, p.Of(in))
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("Sentences(%q) = %q", in, got)
		}
	}
}

func TestTermsMeetAcrossFormsAndSpellings(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"returns", "returned"}, {"shipping", "shipped"}, {"SİPARİŞLERİM", "siparis"}, {"kargolar", "kargo"},
		{"paltoları", "paltolari"}, {"IŞIK", "ışık"}, {"Kleider", "Kleid"}, {"الإرجاع", "ارجاع"}, {"Ayşe'nin", "ayse"},
		{"siparişlerimizden", "siparişler"},
	} {
		a, b := Terms(pair[0]), Terms(pair[1])
		if !reflect.DeepEqual(a, b) || len(a) != 1 {
			t.Errorf("%q gives %v, %q gives %v", pair[0], a, pair[1], b)
		}
	}
	if got := Terms("one two one"); len(got) != 2 {
		t.Errorf("repeats: %v", got)
	}
}

func TestPrefixesFindANameWhileItIsTyped(t *testing.T) {
	t.Parallel()
	have := strings.Join(Prefixes("Şule O'Connor-Yıldız sule@example.com"), " ") + " "
	for _, typed := range []string{"su", "ŞUL", "yildi", "conn", "exampl"} {
		for _, p := range Prefix(typed) {
			if !strings.Contains(have, p+" ") {
				t.Errorf("%q (%q) is not among %q", typed, p, have)
			}
		}
	}
	if got := Prefix("abcdefghijklmnop"); !reflect.DeepEqual(got, []string{"abcdefghijkl"}) {
		t.Errorf("long query: %q", got)
	}
}

func fuzzSeeds(f *testing.F) {
	for _, s := range []string{"", "Can I return it? Yes.", "İADE ıŞık'ın", "\xff\xfe\x00", "a'b'c''", "هل\u200fيمكن", "….!?", "👩‍👧", "z.B. 3. x", strings.Repeat("a", 300)} {
		f.Add(s)
	}
}

func FuzzTokenizers(f *testing.F) {
	fuzzSeeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range Words(s) {
			if s[w.Start:w.End] != w.Text {
				t.Fatalf("word %q is not at %d–%d", w.Text, w.Start, w.End)
			}
		}
		for _, lang := range append(Known(), "") {
			Stems(lang, s)
		}
		for _, g := range append(Grams(s, 4), CrossGrams(s, 3)...) {
			if !utf8.ValidString(g) || g == "" {
				t.Fatalf("gram %q", g)
			}
		}
		Terms(s)
		Prefixes(s)
		Language(s, "en")
	})
}

func FuzzSentences(f *testing.F) {
	fuzzSeeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		at, visible := 0, 0
		for _, p := range Sentences(s) {
			if p.Start < at || p.End <= p.Start || p.End > len(s) {
				t.Fatalf("span %v after %d of %d", p, at, len(s))
			}
			visible += len(strings.Join(strings.Fields(p.Of(s)), ""))
			at = p.End
		}
		if want := len(strings.Join(strings.Fields(s), "")); visible != want {
			t.Fatalf("%d of %d visible bytes are in sentences", visible, want)
		}
	})
}

func FuzzNormalise(f *testing.F) {
	fuzzSeeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		once := Normalise(s, 200)
		if len(once) > 200 || !utf8.ValidString(once) {
			t.Fatalf("%q", once)
		}
		if twice := Normalise(once, 200); twice != once {
			t.Fatalf("%q became %q", once, twice)
		}
	})
}

func BenchmarkTerms(b *testing.B) {
	s := strings.Repeat("Siparişlerimizden iade edilen paltoların ücreti returned jackets ", 10)
	for b.Loop() {
		Terms(s)
	}
}

func BenchmarkStems(b *testing.B) {
	s := strings.Repeat("Siparişlerimizden iade edilen paltoların ücreti returned jackets ", 10)
	for b.Loop() {
		Stems("tr", s)
	}
}
