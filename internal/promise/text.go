package promise

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/kit/i18n"
	"parley/internal/llm"
)

// Recipient is a company that is switched on and receives data.
type Recipient struct {
	ID        string // openai, anthropic, model, meta, google, oidc, mail, sentry, posthog or hosting; its words are the texts recipient.ID.*
	Company   string
	Region    string // "" = not known
	Agreement string // where the data processing agreement is, or its reference
	Days      int    // it may keep data, at most; 0 = not said
	CheckedOn string // day on which these facts were looked up; "" = they are the operator's
}

// Facts is what the running configuration says.
type Facts struct {
	Profile    Profile
	Recipients []Recipient
}

// Receivers is the whole list as it is published: the hosting, which is always
// there, and who is switched on.
func (f Facts) Receivers() []Recipient {
	return append([]Recipient{{ID: "hosting", Company: f.Profile.Hosting, Region: f.Profile.Region}}, f.Recipients...)
}

func (f Facts) on(id string) bool {
	return slices.ContainsFunc(f.Recipients, func(r Recipient) bool { return r.ID == id })
}

// Notice is how long before its effect a change that matters is announced.
const Notice = 30 * 24 * time.Hour

// MemberAge is how old whoever makes an account must be (decision 8).
const MemberAge = 18

// Line is one sentence as it is printed.
type Line struct {
	Clauses []string // ids, its own first, then those that repeat it
	Check   string
	Text    string
}

// Section is a printed chapter.
type Section struct {
	Name, Title string
	Lines       []Line
}

// Print gives the text in a language: only what is built, switched on and filled
// in. A chapter without a line is left out.
func (r *Register) Print(lang string, f Facts) []Section {
	repeats := map[string][]string{}
	for _, c := range r.All() {
		if c.Repeats != "" {
			repeats[c.Repeats] = append(repeats[c.Repeats], c.ID)
		}
	}
	var all []Section
	for _, chapter := range r.Chapters {
		if chapter.Name == "contract" && f.Profile.Role == OwnBusiness {
			continue
		}
		s := Section{Name: chapter.Name, Title: chapter.Title[lang]}
		for _, c := range chapter.Clauses {
			if c.Repeats != "" || !c.Built || c.Silent || c.When != "" && !f.on(c.When) {
				continue
			}
			if said, whole := f.fill(lang, c); whole {
				s.Lines = append(s.Lines, Line{Clauses: append([]string{c.ID}, repeats[c.ID]...), Check: c.Check, Text: said})
			}
		}
		if len(s.Lines) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// Says is the sentence of a clause as somebody reads it who looks at all of them:
// what nobody filled in yet is an ellipsis.
func (f Facts) Says(lang string, c Clause) string {
	if said, whole := f.fill(lang, c); whole {
		return said
	}
	return blank.ReplaceAllString(c.Says[lang], "…")
}

var blank = regexp.MustCompile(`\{[a-z_.]+\}`)

// fill puts the facts into a sentence; whole is false when one of them is blank.
func (f Facts) fill(lang string, c Clause) (said string, whole bool) {
	said = c.Says[lang]
	if !strings.Contains(said, "{") {
		return said, true
	}
	p := f.Profile
	values := map[string]string{"operator": p.Name, "product": p.Product, "address": p.Address, "country": p.Country, "privacy_mail": p.PrivacyMail,
		"officer_mail": p.OfficerMail, "representative": p.Representative, "hosting": p.Hosting, "region": p.Region,
		"vendors": vendorsToChoose(lang), "notice": Span(lang, Notice, 0), "age.member": strconv.Itoa(MemberAge)}
	if p.Role != "" {
		values["role"] = i18n.T(lang, "policy.role."+string(p.Role), map[string]string{"operator": p.Name})
	}
	if t, known := TermOf(c.Term); known {
		values["term"] = Span(lang, t.After, t.Months)
	}
	var pairs []string
	for name, value := range values {
		if value == "" && strings.Contains(said, "{"+name+"}") {
			return "", false
		}
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(said), true // once: what somebody wrote is not filled in again
}

func vendorsToChoose(lang string) string {
	var names []string
	for _, v := range llm.Vendors() {
		name, _, _ := strings.Cut(v.Company, ",")
		names = append(names, name)
	}
	return strings.Join(append(names, i18n.T(lang, "policy.own_model", nil)), ", ")
}

// Span says a length of time in the words people use for it.
func Span(lang string, d time.Duration, months int) string {
	unit, n := "months", months
	if months == 0 {
		unit, n = "days", int(d/(24*time.Hour))
		if d%(24*time.Hour) != 0 || n <= 3 {
			unit, n = "hours", int(d/time.Hour)
		}
	}
	return i18n.T(lang, "notice.span."+unit, map[string]string{"n": strconv.Itoa(n)})
}

// Plain is the words of sections as they are kept and compared: one line for each
// sentence, behind its ids.
func Plain(sections []Section) string {
	var b strings.Builder
	for _, s := range sections {
		b.WriteString("# " + s.Title + "\n")
		for _, l := range s.Lines {
			b.WriteString("[" + strings.Join(l.Clauses, " ") + "] " + l.Text + "\n")
		}
	}
	return b.String()
}
