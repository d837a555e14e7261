package notify

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
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
	case a.letter.Kind == desk.LetterAlarm:
		about = i18n.T(w.locale, "mail.alarm."+about, nil)
	case a.letter.Kind == desk.LetterFactorRemoved && about == "":
		about = i18n.T(w.locale, "mail.factor_removed.all", nil)
	case about == "":
		about = i18n.T(w.locale, "mail.device.unknown", nil)
	}
	w.args = map[string]string{"name": oneLine(a.member.Name), "business": oneLine(a.workspace.Name), "about": about,
		"time": a.letter.CreatedAt.UTC().Format("2006-01-02 15:04") + " UTC"}
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

// Samples shows every letter in every language, made of sample facts.
func (n *Notify) Samples() ([]Sample, error) {
	var all []Sample
	for _, locale := range i18n.Locales() {
		for _, k := range desk.LetterKinds() {
			a := addressed{letter: desk.Letter{Kind: k, About: "Firefox on Linux", CreatedAt: n.Flow.Clock().Now()},
				member: desk.Member{Name: "Selin Kaya", Email: "selin@northwind.example", Locale: locale}, workspace: desk.Workspace{Name: "Northwind"}}
			if k == desk.LetterRole {
				a.letter.About = string(desk.RoleAdmin)
			}
			if k == desk.LetterAbuse {
				a.letter.About = "guessing"
			}
			if k == desk.LetterCase {
				a.letter.About = "3"
			}
			if k == desk.LetterAlarm {
				a.letter.About = "tests"
			}
			if page := path(k); page != "" {
				a.link = n.Home + page
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
