package app

import (
	"context"
	"strings"

	"parley/internal/answer"
	"parley/internal/answer/topic"
	"parley/internal/desk"
	"parley/internal/notify"
	"parley/internal/privacy"
	"parley/internal/store"
)

// requests lets contacts ask about their data in a conversation.
type requests struct{ *App }

func (requests) ReadCode(said string) (string, bool) { return privacy.ReadCode(said) }

func (requests) IsChoice(id string) (is, yes bool) { return privacy.IsChoice(id) }

func (r requests) Hear(tx *store.Tx, c desk.Conversation, locale string, q answer.Request) (answer.Told, bool, error) {
	said, ok, err := r.App.Casework.Hear(tx, c, locale, privacy.Heard{Kind: desk.CaseKind(q.Asks), Code: q.Code, Choice: q.Choice})
	return answer.Told(said), ok, err
}

// casePost mails people who asked.
type casePost struct{ *notify.Notify }

func (p casePost) Person(ctx context.Context, m privacy.PersonMail) (string, bool) {
	return p.Notify.Person(ctx, notify.ToPerson(m))
}

// casework is what people ask, over the features that carry it out.
func (a *App) casework() *privacy.Casework {
	return privacy.NewCasework(privacy.CaseworkParts{DB: a.DB, Keys: a.Keys, Flow: a.Flow, Audit: a.Audit, Eraser: a.Eraser, Restrict: a.Restrict, Post: casePost{a.Notify}, Letters: a.Notify,
		Home: strings.TrimSuffix(a.Config.PublicURL, "/"), Log: a.Log})
}

// MailIn is one mail to a privacy address.
type MailIn struct {
	Workspace string       `json:"workspace"` // "" = whoever runs the install
	Mail      privacy.Mail `json:"mail"`
}

// MailTaken says what became of it.
type MailTaken struct {
	Case    desk.ID       `json:"case"`
	Kind    desk.CaseKind `json:"kind"`
	Ignored string        `json:"ignored"` // why no case was opened
}

// MailIn implements Control. What the mail asks is read from its words; who sent it
// is shown by a link that is mailed back.
func (a *App) MailIn(ctx context.Context, in MailIn) (MailTaken, error) {
	if in.Mail.Auto {
		return MailTaken{Ignored: "automatic"}, nil
	}
	n := privacy.NewCase{Kind: desk.AskContact, Door: privacy.DoorMail, Address: in.Mail.From, Words: strings.TrimSpace(in.Mail.Subject + "\n\n" + in.Mail.Text)}
	if asks := topic.AskOf(in.Mail.Text); asks != "" {
		n.Kind = desk.CaseKind(asks)
	} else if asks := topic.AskOf(in.Mail.Subject); asks != "" {
		n.Kind = desk.CaseKind(asks)
	}
	var at desk.ID
	if in.Workspace != "" {
		ws, err := a.Roster.Find(ctx, in.Workspace)
		if err != nil {
			return MailTaken{}, err
		}
		at, n.Locale = ws.ID, ws.Locale
	}
	if n.Words == "" {
		return MailTaken{Ignored: "empty"}, nil
	}
	opened, err := a.Casework.OpenByPage(ctx, at, n)
	return MailTaken{Case: opened.Case.ID, Kind: n.Kind}, err
}
