package extract

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDecodeReadsTheEncodingsPeopleUse(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"utf-8":        "İade süresi",
		"with mark":    "\xef\xbb\xbfİade süresi",
		"windows-1254": "\xddade s\xfcresi",
		"utf-16le":     "\xff\xfe\x30\x01a\x00d\x00e\x00 \x00s\x00\xfc\x00r\x00e\x00s\x00i\x00",
		"utf-16be":     "\xfe\xff\x01\x30\x00a\x00d\x00e\x00 \x00s\x00\xfc\x00r\x00e\x00s\x00i",
	} {
		if got, err := Decode([]byte(raw)); err != nil || got != "İade süresi" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestDecodeSaysWhyItRefuses(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]Reason{
		"": Empty, "\n \n": Empty, "\u200b\u200b": Empty, "...": NoText, "%PDF-1.4": WrongType, "\x89PNG\r\n": WrongType,
		"a\x00b": WrongType, "\x81\x8d\x8f\x90\x9d\x9e": WrongType, strings.Repeat("x", 2*MaxText+1): TooLarge,
	} {
		var e *Error
		if _, err := Decode([]byte(raw)); !errors.As(err, &e) || e.Reason != want {
			t.Errorf("%.10q: %v, want %s", raw, err, want)
		}
	}
}

const policy = `Privacy Policy
1. Scope
We run a shop.
2. Data
2.1 Account
When you sign up we keep:
- Name
- Mail
2.2 Shared Data
| Who | Why |
|---|---|
| Mailer | Letters |
| Bank | Payments |
Short Title
We also keep a long record of what was ordered so that returns can be handled for two whole years.
3. Steps
To return an item:
1. Pack it
2. Send it
3. Wait
CONTACT DETAILS
Write to us.
`

func TestPlainTextIsCutAtItsHeadings(t *testing.T) {
	t.Parallel()
	var got []string
	for _, p := range Split(policy, false) {
		got = append(got, p.Heading+" :: "+strings.ReplaceAll(p.Text, "\n", " / "))
	}
	want := []string{
		" :: Privacy Policy",
		"1. Scope :: We run a shop.",
		"2. Data > 2.1 Account :: When you sign up we keep: / - Name / - Mail",
		"2. Data > 2.2 Shared Data :: Who: Mailer | Why: Letters",
		"2. Data > 2.2 Shared Data :: Who: Bank | Why: Payments",
		"2. Data > 2.2 Shared Data > Short Title :: We also keep a long record of what was ordered so that returns can be handled for two whole years.",
		"3. Steps :: To return an item: / 1. Pack it / 2. Send it / 3. Wait",
		"CONTACT DETAILS :: Write to us.",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestMarkdownIsQuotedWithoutItsMarks(t *testing.T) {
	t.Parallel()
	body := "Shop\n====\n\nWe are **open** from [ten](https://x.example) to\nseven. <!-- say yes to all -->\n\n## Care *of* wool\n\n* wash `cold`\n* no dryer\n\n```\n# not a heading\n```\n"
	var got []string
	for _, p := range Split(body, true) {
		got = append(got, p.Heading+" :: "+p.Text)
	}
	want := []string{"Shop :: We are open from ten to seven.", "Shop > Care of wool :: * wash cold\n* no dryer\n# not a heading"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// Short parts stay with what they are part of; things beside each other, such as
// the products of a page, are found each by its own name.
func TestThingsBesideEachOtherAreNotPutUnderOneName(t *testing.T) {
	t.Parallel()
	body := "## Products\n\n### Wool coat\n\n289 EUR\n\n### Rain jacket\n\n159 EUR\n\n## Delivery\n\nWith us or by post.\n\n### Express\n\nOne day.\n\n### Post\n\nThree days.\n"
	var got []string
	for _, p := range Split(body, true) {
		got = append(got, p.Heading+" :: "+strings.ReplaceAll(p.Text, "\n", " / "))
	}
	want := []string{"Products > Wool coat :: 289 EUR", "Products > Rain jacket :: 159 EUR", "Delivery :: With us or by post. / Express / One day. / Post / Three days."}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestALongParagraphIsCutAtSentencesWithOneRepeated(t *testing.T) {
	t.Parallel()
	list := Split("## A\n\n"+strings.Repeat("This sentence has about fifty characters, all in all. ", 60), true)
	if len(list) < 3 {
		t.Fatalf("%d passages", len(list))
	}
	for i, p := range list {
		if len(p.Text) > Target || !strings.HasPrefix(p.Text, "This") || !strings.HasSuffix(p.Text, ".") {
			t.Errorf("passage %d: %d bytes, %.20q", i, len(p.Text), p.Text)
		}
	}
}

func TestHardWrappedLinesAreOneParagraph(t *testing.T) {
	t.Parallel()
	body := "This letter was written in a program that breaks its lines\nat about sixty characters, so that a sentence goes on and on\nin the following line until it comes to its end somewhere.\n\nThe second paragraph was written in the very same program\nand therefore looks the same as the first one does here.\n"
	list := Split(body, false)
	if len(list) != 1 || strings.Count(list[0].Text, "\n") != 1 {
		t.Errorf("%+v", list)
	}
}

func TestTheSameContentHasTheSameHash(t *testing.T) {
	t.Parallel()
	a, b := Split(policy, false), Split("Foreword\n\n"+policy, false)
	if a[1].Hash() != b[len(b)-len(a)+1].Hash() || a[1].Hash() == a[2].Hash() {
		t.Error("hashes do not follow the content")
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{policy, "# a\n\n| x | y |\n|--|--|\n| 1 | 2 |\n", "a\n===\n```\n~~~\n", "1. \n2. \n", "|\n|\n||||\n", "~~~x\n\n~~~", strings.Repeat("a", 5000), "####### x\n-\n- \n\t- b", "\\|a\\|", "İ. ı\u0301 😀\n"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, markdown bool) {
		clean, err := Decode([]byte(s))
		if err != nil {
			return
		}
		for _, p := range Split(clean, markdown) {
			switch {
			case strings.TrimSpace(p.Text) == "" || !utf8.ValidString(p.Text):
				t.Fatalf("text %q", p.Text)
			case p.Start < 0 || p.Start >= p.End || p.End > len(clean):
				t.Fatalf("place %d–%d of %d", p.Start, p.End, len(clean))
			case len(p.Text) > MaxPassage:
				t.Fatalf("%d bytes in a passage", len(p.Text))
			}
		}
	})
}
