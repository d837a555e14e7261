package notify

import (
	"bytes"
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
}

func (n *Notify) compose(a addressed) (mail, error) {
	w := letterWords{locale: a.member.Locale, kind: string(a.letter.Kind), business: a.workspace.Name, link: a.link}
	if w.locale == "" {
		w.locale = a.workspace.Locale
	}
	about := a.letter.About
	switch {
	case a.letter.Kind == desk.LetterRole:
		about = i18n.T(w.locale, "role."+about, nil)
	case about == "":
		about = i18n.T(w.locale, "mail.device.unknown", nil)
	}
	w.args = map[string]string{"name": oneLine(a.member.Name), "business": oneLine(a.workspace.Name), "about": about,
		"time": a.letter.CreatedAt.UTC().Format("2006-01-02 15:04") + " UTC"}
	m, err := n.words(w)
	m.to, m.id = a.member.Email, a.letter.ID.String()
	return m, err
}

// words writes a letter as plain text and as a page, from the same lines.
func (n *Notify) words(w letterWords) (mail, error) {
	say := func(part string) string { return i18n.T(w.locale, "mail."+w.kind+"."+part, w.args) }
	m := mail{subject: oneLine(say("subject")), locale: w.locale, business: w.business}
	view := struct {
		Locale, Subject, Button, Link, Foot string
		Lines                               []string
	}{w.locale, m.subject, "", w.link, i18n.T(w.locale, "mail.foot", map[string]string{"home": n.Home}), strings.Split(say("body"), "\n")}
	if w.link != "" {
		view.Button = say("button")
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
			if k.Term() > 0 {
				a.link = n.Home + path(k) + "#sample"
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
