package notify

import (
	"bytes"
	"cmp"
	"context"
	"strings"

	"parley/internal/kit/i18n"
)

// ToPerson is a mail to somebody who asked something and gave their address for
// the answer, or who must be told that something happened to their data, or who said yes to being
// told of something public. Nobody else is written to.
type ToPerson struct {
	ID, To, Locale string
	Subject        string
	Lines          []string
	Button, Link   string
	Foot           string // why they get it; "" = because they asked
	Stop, Stops    string // link that ends such mails, and its words; "" = they come once
}

// Person hands such a mail to the server. code is why it was not taken, "" = it
// was; final says that asking again does not help.
func (n *Notify) Person(ctx context.Context, p ToPerson) (code string, final bool) {
	if !n.On() {
		return "no_mail", true
	}
	foot := cmp.Or(p.Foot, i18n.T(p.Locale, "mail.foot_person", map[string]string{"home": n.Home}))
	m := mail{to: p.To, id: p.ID, subject: oneLine(p.Subject), locale: p.Locale, stop: p.Stop}
	var page bytes.Buffer
	err := letterPage.Execute(&page, struct {
		Locale, Subject, Button, Link, Foot string
		Lines                               []string
		Stop, Stops                         string
	}{p.Locale, m.subject, p.Button, p.Link, foot, p.Lines, p.Stop, p.Stops})
	if err != nil {
		return "setting", true
	}
	m.html = page.String()
	parts := append([]string{}, p.Lines...)
	if p.Link != "" {
		parts = append(parts, p.Button+":\n"+p.Link)
	}
	if p.Stop != "" {
		foot += "\n" + p.Stops + ": " + p.Stop
	}
	m.text = strings.Join(append(parts, "-- \n"+foot), "\n\n") + "\n"
	fault := n.post.send(ctx, m)
	return fault.code, fault.final
}
