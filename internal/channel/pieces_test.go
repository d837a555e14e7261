package channel_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"parley/internal/channel"
	"parley/internal/desk"
)

func TestALongTextIsCutAtSentenceEnds(t *testing.T) {
	t.Parallel()
	got := channel.SplitText("We open at 9 a.m. every day. On Sundays we rest! Kargo 3. gün gelir. Bye", 30, "characters")
	want := []string{"We open at 9 a.m. every day.", "On Sundays we rest!", "Kargo 3. gün gelir. Bye"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q", got)
	}
}

// covers reference 4.2: Instagram counts bytes of UTF-8, Messenger and WhatsApp characters.
func TestBytesAreCountedWhereTheChannelCountsBytes(t *testing.T) {
	t.Parallel()
	s := strings.Repeat("ğ", 600)
	if got := channel.SplitText(s, 1000, "bytes"); len(got) != 2 || len(got[0]) != 1000 {
		t.Errorf("%d pieces", len(got))
	}
	if got := channel.SplitText(s, 1000, "characters"); len(got) != 1 {
		t.Errorf("%d pieces", len(got))
	}
}

func TestNothingThatIsSeenAsOneCharacterIsCutApart(t *testing.T) {
	t.Parallel()
	for _, one := range []string{"👩‍👩‍👧‍👦", "🇹🇷", "é", "👍🏽", "❤️"} {
		for _, p := range channel.SplitText(strings.Repeat(one, 40), 50, "bytes") {
			if strings.Trim(strings.ReplaceAll(p, one, ""), " ") != "" {
				t.Errorf("%s was cut: %q", one, p)
			}
		}
	}
}

func TestCuttingLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		limit := rapid.IntRange(1, 40).Draw(t, "limit")
		unit := rapid.SampledFrom([]string{"bytes", "characters"}).Draw(t, "unit")
		pieces := channel.SplitText(s, limit, unit)
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if squeeze(strings.Join(pieces, "")) != squeeze(s) {
			t.Fatalf("%q became %q", s, pieces)
		}
		for _, p := range pieces {
			if p == "" || channel.Length(p, unit) > limit && utf8.RuneCountInString(p) > 1 {
				t.Fatalf("piece %q of %d", p, channel.Length(p, unit))
			}
		}
	})
}

func TestAMessageIsCutIntoTheCallsItsChannelNeeds(t *testing.T) {
	t.Parallel()
	picture, voice := desk.File{Kind: desk.MediaImage}, desk.File{Kind: desk.MediaAudio}
	separate := desk.Skills{TextLimit: 12, TextUnit: "characters", Buttons: true, MaxButtons: 3, ButtonLabel: 5, Pictures: 10,
		Media: []desk.MediaRule{{Kind: desk.MediaImage}, {Kind: desk.MediaAudio}}}
	beside := desk.Skills{TextLimit: 100, TextUnit: "characters", Caption: 20, Media: []desk.MediaRule{{Kind: desk.MediaImage}, {Kind: desk.MediaAudio, Mute: true}}}
	choice := []desk.Button{{ID: "y", Label: "Yes"}, {ID: "n", Label: "No"}}
	for name, c := range map[string]struct {
		out    desk.Outgoing
		skills desk.Skills
		want   string
	}{
		"text":                   {desk.Outgoing{Text: "hi"}, separate, "hi"},
		"long text, reply first": {desk.Outgoing{Text: "One two. Three.", ReplyTo: "m1", Ref: "7"}, separate, ">m1 #7/1-2 One two. | #7/2-2 Three."},
		"pictures, then text":    {desk.Outgoing{Text: "hi", Files: []desk.File{picture, picture, voice}}, separate, "2f | 1f | hi"},
		"caption":                {desk.Outgoing{Text: "hi", Files: []desk.File{picture, picture}}, beside, "1f hi | 1f"},
		"no caption on a voice":  {desk.Outgoing{Text: "hi", Files: []desk.File{voice}}, beside, "1f | hi"},
		"caption too long":       {desk.Outgoing{Text: strings.Repeat("x", 21), Files: []desk.File{picture}}, beside, "1f | " + strings.Repeat("x", 21)},
		"buttons":                {desk.Outgoing{Text: "Ok?", Buttons: choice}, separate, "Ok? [Yes][No]"},
		"no buttons here":        {desk.Outgoing{Text: "Ok?", Buttons: choice}, beside, "Ok?\n1. Yes\n2. No"},
		"long labels":            {desk.Outgoing{Text: "?", Buttons: []desk.Button{{Label: "abcdef"}}}, separate, "?\n1. abcdef [1]"},
		"buttons keep company":   {desk.Outgoing{Text: "One two. Three.", Buttons: choice}, separate, "One two. | Three. [Yes][No]"},
		"template":               {desk.Outgoing{Text: "One two. Three.", Template: &desk.TemplateUse{}}, separate, "One two. Three."},
		"nothing":                {desk.Outgoing{}, separate, ""},
	} {
		var got []string
		for _, p := range channel.Pieces(c.out, c.skills) {
			got = append(got, shown(p))
		}
		if strings.Join(got, " | ") != c.want {
			t.Errorf("%s: %q, want %q", name, strings.Join(got, " | "), c.want)
		}
	}
}

func shown(p desk.Outgoing) string {
	var parts []string
	if p.ReplyTo != "" {
		parts = append(parts, ">"+p.ReplyTo)
	}
	if p.Ref != "" {
		parts = append(parts, "#"+p.Ref)
	}
	if n := len(p.Files); n > 0 {
		parts = append(parts, string(rune('0'+n))+"f")
	}
	if p.Text != "" {
		parts = append(parts, p.Text)
	}
	if len(p.Buttons) > 0 {
		s := ""
		for _, b := range p.Buttons {
			s += "[" + b.Label + "]"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}
