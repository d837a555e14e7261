package notify

import (
	"bytes"
	"context"
	"strings"

	"parley/internal/kit/i18n"
)

// ToPerson is a mail to somebody who asked something and gave their address for
// the answer. Nobody else is written to.
type ToPerson struct {
	ID, To, Locale string
	Subject        string
	Lines          []string
	Button, Link   string
}

// Person hands such a mail to the server. code is why it was not taken, "" = it
// was; final says that asking again does not help.
func (n *Notify) Person(ctx context.Context, p ToPerson) (code string, final bool) {
	if !n.On() {
		return "no_mail", true
	}
	foot := i18n.T(p.Locale, "mail.foot_person", map[string]string{"home": n.Home})
	m := mail{to: p.To, id: p.ID, subject: oneLine(p.Subject), locale: p.Locale}
	var page bytes.Buffer
	err := letterPage.Execute(&page, struct {
		Locale, Subject, Button, Link, Foot string
		Lines                               []string
	}{p.Locale, m.subject, p.Button, p.Link, foot, p.Lines})
	if err != nil {
		return "setting", true
	}
	m.html = page.String()
	m.text = strings.Join(append(append([]string{}, p.Lines...), p.Button+":\n"+p.Link, "-- \n"+foot), "\n\n") + "\n"
	fault := n.post.send(ctx, m)
	return fault.code, fault.final
}
