package notify

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/store"
)

// mail is a letter in words.
type mail struct {
	to, id           string
	subject          string
	text, html       string
	locale, business string
	stop             string // link that stops such mails; "" = there is none
}

//go:embed letter.html
var page string

var letterPage = template.Must(template.New("letter").Parse(page))

// letterWords says which words a letter is made of.
type letterWords struct {
	locale   string
	kind     string
	business string
	link     string
	args     map[string]string
	stop     string
	news     desk.News
	foot     string // its words; "" = those of members
}

func (n *Notify) compose(a addressed) (mail, error) {
	w := letterWords{locale: a.member.Locale, kind: string(a.letter.Kind), business: a.workspace.Name, link: a.link, stop: a.stop, news: a.news}
	w.locale = a.locale()
	about := a.letter.About
	switch {
	case a.letter.Kind == desk.LetterRole:
		about = i18n.T(w.locale, "role."+about, nil)
	case a.letter.Kind == desk.LetterAbuse:
		about = i18n.T(w.locale, "mail.abuse."+about, nil)
	case a.letter.Kind == desk.LetterCase:
		about = i18n.T(w.locale, "mail.case_due.in_"+about, nil)
	case a.letter.Kind == desk.LetterDuty:
		about = i18n.T(w.locale, "mail.duty_due.in_"+about, nil)
	case a.letter.Kind == desk.LetterDigest:
		about = counts(w.locale, desk.ReadDigest(about))
	case a.letter.Kind == desk.LetterBreach:
		about = i18n.T(w.locale, "mail.breach.about_"+about, nil)
	case a.letter.Kind == desk.LetterPolicy:
		if about = oneLine(a.policy.Reason); a.policy.Purpose != "" {
			about += "\n" + i18n.T(w.locale, "mail.policy.purpose", map[string]string{"purpose": i18n.T(w.locale, "acknowledge.purpose."+a.policy.Purpose, nil)})
		}
	case a.letter.Kind == desk.LetterAlarm:
		about = i18n.T(w.locale, "mail.alarm."+about, nil)
	case a.letter.Kind == desk.LetterFactorRemoved && about == "":
		about = i18n.T(w.locale, "mail.factor_removed.all", nil)
	case about == "":
		about = i18n.T(w.locale, "mail.device.unknown", nil)
	}
	w.args = map[string]string{"name": oneLine(a.member.Name), "business": oneLine(a.workspace.Name), "about": about,
		"time": a.letter.CreatedAt.UTC().Format("2006-01-02 15:04") + " UTC", "from": a.policy.EffectiveAt.UTC().Format("2006-01-02")}
	m, err := n.words(w)
	if m.to, m.id = a.member.Email, a.letter.ID.String(); a.letter.Kind.Elsewhere() {
		m.to = a.letter.About
	}
	return m, err
}

// words writes a letter as plain text and as a page, from the same lines.
func (n *Notify) words(w letterWords) (mail, error) {
	say := func(part string) string { return i18n.T(w.locale, "mail."+w.kind+"."+part, w.args) }
	m := mail{subject: oneLine(say("subject")), locale: w.locale, business: w.business, stop: w.stop}
	body, foot := say("body"), i18n.T(w.locale, cmp.Or(w.foot, "mail.foot"), map[string]string{"home": n.Home})
	if w.stop != "" {
		m.subject, m.locale, body, foot = oneLine(w.news.Subject), w.news.Locale, w.news.Body, say("foot")
	}
	view := struct {
		Locale, Subject, Button, Link, Foot string
		Lines                               []string
		Stop, Stops                         string
	}{m.locale, m.subject, "", w.link, foot, strings.Split(body, "\n"), w.stop, ""}
	if w.link != "" {
		view.Button = say("button")
	}
	if w.stop != "" {
		view.Stops = say("stop")
	}
	var page bytes.Buffer
	if err := letterPage.Execute(&page, view); err != nil {
		return m, err
	}
	m.html = page.String()
	parts := append([]string{}, view.Lines...)
	if w.link != "" {
		parts = append(parts, view.Button+":\n"+w.link)
	}
	if w.stop != "" {
		view.Foot += "\n" + view.Stops + ": " + w.stop
	}
	m.text = strings.Join(append(parts, "-- \n"+view.Foot), "\n\n") + "\n"
	return m, nil
}

// oneLine keeps what people call themselves in its line, and out of other
// headers.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Sample is a letter of each kind as a member would read it.
type Sample struct {
	Kind, Locale, Subject, Text, HTML string
}

// sampleAbout is what letters are about whose About is a word of ours.
func sampleAbout() map[desk.LetterKind]string {
	return map[desk.LetterKind]string{desk.LetterRole: string(desk.RoleAdmin), desk.LetterAbuse: "guessing", desk.LetterCase: "3", desk.LetterDuty: "14",
		desk.LetterDigest: sampleDigest, desk.LetterBreach: "48", desk.LetterAlarm: "tests"}
}

// Samples shows every letter in every language, made of sample facts.
func (n *Notify) Samples() ([]Sample, error) {
	var all []Sample
	for _, locale := range i18n.Locales() {
		for _, k := range desk.LetterKinds() {
			a := addressed{letter: desk.Letter{Kind: k, About: "Firefox on Linux", CreatedAt: n.Flow.Clock().Now()},
				member: desk.Member{Name: "Selin Kaya", Email: "selin@northwind.example", Locale: locale}, workspace: desk.Workspace{Name: "Northwind"}}
			if k == desk.LetterPolicy {
				a.policy = store.PolicyVersion{Reason: "We name one more company that stores copies.", EffectiveAt: n.Flow.Clock().Now().Add(30 * 24 * time.Hour)}
			}
			if about, other := sampleAbout()[k]; other {
				a.letter.About = about
			}
			if page := path(k); page != "" {
				a.link = n.Home + page
			}
			if ends(k) {
				a.link = n.Home + EndedPath + "sample"
			}
			if marketing(k) {
				a.stop = n.Home + StopPath + "sample"
				a.news = desk.News{Locale: locale, Subject: i18n.T(locale, "mail.news.subject", nil), Body: i18n.T(locale, "mail.news.body", nil)}
			}
			if k.Term() > 0 {
				a.link += "#sample"
			}
			m, err := n.compose(a)
			if err != nil {
				return nil, err
			}
			all = append(all, Sample{string(k), locale, m.subject, m.text, m.html})
		}
	}
	return all, nil
}
