package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// covers H-64: every combination of the six conditions, met or not, decides by
// the most specific rule that holds.
func TestTheMostSpecificRuleThatHoldsDecides(t *testing.T) {
	t.Parallel()
	facts := Facts{Channel: "widget", Account: 7, Topics: []string{"refund", "legal"}, Language: "tr", Tags: []string{"VIP"}, Hours: WhenClosed}
	set := func(r *Rule, bit int, right bool) {
		pick := func(a, b string) string {
			if right {
				return a
			}
			return b
		}
		switch bit {
		case 0:
			r.Channel = pick("widget", "whatsapp")
		case 1:
			if r.Account = 7; !right {
				r.Account = 8
			}
		case 2:
			r.Topic = pick("legal", "health")
		case 3:
			r.Language = pick("tr", "de")
		case 4:
			r.Tag = pick("vip", "new")
		case 5:
			r.Hours = When(pick("closed", "open"))
		}
	}
	for mask := 1; mask < 64; mask++ {
		for wrong := 0; wrong < 64; wrong++ {
			if wrong&^mask != 0 {
				continue
			}
			r := Rule{ID: 2, Mode: ModeDraft}
			count := 0
			for bit := range 6 {
				if mask&(1<<bit) != 0 {
					set(&r, bit, wrong&(1<<bit) == 0)
					count++
				}
			}
			if r.Conditions() != count || r.Holds(facts) != (wrong == 0) {
				t.Fatalf("%+v: %d conditions, holds %v", r, r.Conditions(), r.Holds(facts))
			}
			got := Choose(Workspace{Mode: ModeOff}, Account{Mode: ModeAutopilot}, Conversation{}, []Rule{r}, facts)
			want := Choice{ModeDraft, ByRule, 2}
			if wrong != 0 {
				want = Choice{Mode: ModeAutopilot, By: ByAccount}
			}
			if got != want {
				t.Fatalf("%+v: %+v, want %+v", r, got, want)
			}
		}
	}
}

// covers H-64: conversation over rule over channel over workspace, for every
// mode that each of them may have.
func TestTheNearestSettingDecides(t *testing.T) {
	t.Parallel()
	modes := []Mode{ModeInherit, ModeOff, ModeDraft, ModeAutopilot}
	for _, conv := range modes {
		for _, rule := range modes {
			for _, acct := range modes {
				for _, ws := range modes {
					var rules []Rule
					if rule != ModeInherit {
						rules = []Rule{{ID: 1, Language: "de", Mode: ModeAutopilot}, {ID: 9, Channel: "widget", Mode: rule}}
					}
					got := Choose(Workspace{Mode: ws}, Account{Mode: acct}, Conversation{Mode: conv}, rules, Facts{Channel: "widget"})
					want := Choice{Mode: ModeOff, By: ByDefault}
					switch {
					case conv != "":
						want = Choice{Mode: conv, By: ByConversation}
					case rule != "":
						want = Choice{rule, ByRule, 9}
					case acct != "":
						want = Choice{Mode: acct, By: ByAccount}
					case ws != "":
						want = Choice{Mode: ws, By: ByWorkspace}
					}
					if got != want {
						t.Errorf("conversation %q, rule %q, account %q, workspace %q: %+v, want %+v", conv, rule, acct, ws, got, want)
					}
				}
			}
		}
	}
}

func TestOfEquallySpecificRulesTheStricterWins(t *testing.T) {
	t.Parallel()
	f := Facts{Channel: "widget", Language: "en", Topics: []string{"refund"}, Hours: WhenOpen}
	a := Rule{ID: 1, Channel: "widget", Mode: ModeAutopilot}
	b := Rule{ID: 2, Language: "en", Mode: ModeDraft}
	c := Rule{ID: 3, Topic: "refund", Mode: ModeOff}
	d := Rule{ID: 4, Channel: "widget", Language: "en", Mode: ModeAutopilot}
	e := Rule{ID: 5, Hours: WhenOpen, Mode: ModeOff}
	for name, c := range map[string]struct {
		rules []Rule
		want  ID
	}{
		"draft over autopilot":          {[]Rule{a, b}, 2},
		"off over both":                 {[]Rule{a, c, b}, 3},
		"order does not matter":         {[]Rule{b, c, a}, 3},
		"two conditions over one":       {[]Rule{a, b, c, d}, 4},
		"the older of two that are off": {[]Rule{e, c}, 3},
		"no conditions is no rule":      {[]Rule{{ID: 6, Mode: ModeOff}, a}, 1},
		"an unknown mode is no rule":    {[]Rule{{ID: 6, Channel: "widget", Mode: "loud"}, a}, 1},
	} {
		if got := Choose(Workspace{}, Account{}, Conversation{}, c.rules, f); got.Rule != c.want {
			t.Errorf("%s: rule %d, want %d", name, got.Rule, c.want)
		}
	}
}

func TestARuleSaysWhatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	for _, bad := range []Rule{{Mode: ModeOff}, {Tag: "vip"}, {Tag: "vip", Mode: "loud"}, {Hours: "noon", Mode: ModeOff},
		{Channel: "widget", Account: 1, Mode: ModeOff}, {Tag: strings.Repeat("x", 65), Mode: ModeOff}} {
		if bad.Check() == nil {
			t.Errorf("%+v passed", bad)
		}
	}
	if err := (Rule{Tag: "vip", Mode: ModeOff}).Check(); err != nil {
		t.Error(err)
	}
}

func TestHoursAreThoseOfTheBusinessZone(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	var h Hours
	for d := time.Monday; d <= time.Friday; d++ {
		h.Week[d] = []Span{{9 * 60, 12 * 60}, {13 * 60, 18 * 60}}
	}
	h.Week[time.Saturday] = []Span{{20 * 60, 26 * 60}} // until 2:00 on Sunday
	h.Closed = []string{"2026-12-25"}
	if err := h.Check(); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]When{
		"2026-11-23T07:59:00Z": WhenClosed, // Monday 8:59
		"2026-11-23T08:00:00Z": WhenOpen,
		"2026-11-23T11:30:00Z": WhenClosed, // lunch
		"2026-07-06T07:00:00Z": WhenOpen,   // summer time: 9:00
		"2026-07-06T16:00:00Z": WhenClosed,
		"2026-11-28T23:30:00Z": WhenOpen,   // Sunday 0:30, the span of Saturday
		"2026-11-29T01:00:00Z": WhenClosed, // Sunday 2:00
		"2026-12-25T10:00:00Z": WhenClosed, // a Friday, but closed
		"2026-10-24T23:30:00Z": WhenOpen,   // Sunday 1:30 in the night that the clock goes back
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := h.At(now, berlin); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
	if got := (Hours{}).At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), berlin); got != Always {
		t.Errorf("no hours: %q", got)
	}
	for _, bad := range []Span{{-1, 5}, {5, 5}, {1440, 1500}, {600, 600 + 1441}} {
		if (Hours{Week: [7][]Span{{bad}}}).Check() == nil {
			t.Errorf("%v passed", bad)
		}
	}
	if (Hours{Closed: []string{"25.12."}}).Check() == nil {
		t.Error("a closed day in another form passed")
	}
}

func TestAnotherProgramIsKnownByItsHabits(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	talk := func(gap time.Duration, texts ...string) []Message {
		var out []Message
		at := begin
		for _, s := range texts {
			out = append(out, Message{Direction: Out, Author: Author{Kind: FromAI}, Body: "We deliver in two days.", At: at, SentAt: at})
			at = at.Add(gap)
			out = append(out, Message{Direction: In, Author: Author{Kind: FromContact}, Body: Body(s), At: at})
			at = at.Add(time.Minute)
		}
		return out
	}
	long := "Thank you for this answer, we shall look into it soon"
	for name, c := range map[string]struct {
		messages []Message
		want     string
	}{
		"a person":                        {talk(20*time.Second, "Do you ship to Berlin?", "And what does it cost?", "How long does it take?", "ok thanks"), ""},
		"a person who repeats once":       {talk(20*time.Second, "Where is my parcel number 5?", "Where is my parcel number 5?"), ""},
		"a person who says hello often":   {talk(20*time.Second, "hello", "hello", "hello?", "hello??"), ""},
		"a person quick with short words": {talk(time.Second, "yes", "no", "ok", "fine"), ""},
		"the same three times":            {talk(20*time.Second, "Your ticket 100 was received.", "Your ticket 101 was received.", "Your ticket 102 was received."), "repeats"},
		"nearly the same":                 {talk(20*time.Second, long+" today", long+" now", long), "repeats"},
		"sentences in a second": {talk(time.Second, "Dear customer, how may we help you today?", "Please tell us the number of your order.",
			"Our opening hours are nine to five."), "too_quick"},
		"an automatic reply twice": {talk(20*time.Second, "This is an automated message. Ticket 1.", "Danke! Dies ist eine automatische Antwort."), "auto_reply"},
		"one automatic reply":      {talk(20*time.Second, "I am out of office until Monday."), ""},
		"Turkish":                  {talk(20*time.Second, "Otomatik yanıt: mesajınızı aldık.", "Mesajınız alınmıştır, iyi günler."), "auto_reply"},
		"nothing":                  {nil, ""},
	} {
		if got := Automatic(c.messages); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	buttons := talk(time.Second, "Talk to a person about my order", "Talk to a person about my order", "Talk to a person about my order")
	for i := range buttons {
		buttons[i].Buttons = []Button{{ID: "person"}}
	}
	if got := Automatic(buttons); got != "" {
		t.Errorf("choices pressed: %q", got)
	}
}

func FuzzAutomatic(f *testing.F) {
	f.Add("Your ticket", 1)
	f.Add("\xff\xfeé", 0)
	f.Fuzz(func(t *testing.T, s string, seconds int) {
		var all []Message
		for i := range 4 {
			all = append(all, Message{Direction: In, Body: Body(fmt.Sprint(s, i)), At: time.Unix(int64(seconds), 0)})
		}
		Automatic(all)
	})
}
