package inbox

import (
	"context"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Choice is a template as a member may choose it for one conversation. Blocked
// is the reason why it cannot be sent there now, "" when it can.
type Choice struct {
	desk.Template
	Blocked string
}

// Choices are the templates of a conversation's channel account.
type Choices struct {
	Items    []Choice
	Account  desk.ID
	SyncedAt time.Time // zero = the list was never read
	Fault    string    // why it could not be read last
	InWindow bool      // a free message is allowed, too
}

// Templates lists the templates of a conversation's channel account with what
// stands in the way of each. desk.Invalid "no_templates_here" where the channel
// has none.
func (in *Inbox) Templates(ctx context.Context, ws, conversation desk.ID) (Choices, error) {
	var out Choices
	err := in.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		out = Choices{Items: []Choice{}}
		c, err := r.Conversation(conversation)
		if err != nil {
			return err
		}
		acct, _, skills, err := in.templater(r, c.Account)
		if err != nil {
			return err
		}
		l, err := r.Templates(acct.ID)
		if err != nil {
			return err
		}
		given, err := r.OptInsAt(c.Contact, acct.ID)
		if err != nil {
			return err
		}
		now := in.DB.Clock().Now()
		out.Account, out.SyncedAt, out.Fault, out.InWindow = acct.ID, l.SyncedAt, l.Fault, desk.InWindow(c.Conversation, skills, now)
		for _, t := range l.Templates {
			out.Items = append(out.Items, Choice{t, blocked(t, given, out.InWindow, now)})
		}
		return nil
	})
	return out, err
}

// blocked is what stands in the way of a template before anything is filled in.
func blocked(t desk.Template, given []desk.Consented, inWindow bool, now time.Time) string {
	switch {
	case t.State != "" && t.State != "APPROVED":
		return "template_not_approved"
	case t.HeaderKind != "" && t.HeaderKind != "text":
		return "template_header"
	}
	return reasonOf(desk.MayTemplate(t.Category, given, inWindow, now))
}

func (in *Inbox) templater(r *store.Rx, account desk.ID) (acct desk.Account, t channel.Templater, skills desk.Skills, err error) {
	if acct, err = r.Account(account); err != nil {
		return acct, nil, skills, err
	}
	ch, err := in.Channels.Find(acct.Kind)
	if err != nil {
		return acct, nil, skills, err
	}
	skills = channel.SkillsOf(ch, acct)
	t, ok := ch.(channel.Templater)
	if !ok || !skills.Templates {
		return acct, nil, skills, desk.Fail(desk.Invalid, "no_templates_here", "this channel has no templates")
	}
	return acct, t, skills, nil
}

// TemplateReply is a template that a member filled in.
type TemplateReply struct {
	Use      desk.TemplateUse
	ClientID string // the caller's idempotency key; "" = none
}

// SendTemplate sends a filled-in template: its values are checked against the
// provider's definition and the person's opt-in is looked up before anything is
// kept. It is a message of a member like any other, and takes the conversation
// over. Errors: what channel.Templater and desk.MayTemplate say.
func (in *Inbox) SendTemplate(ctx context.Context, ws, conversation desk.ID, actor desk.Actor, r TemplateReply) (desk.Message, error) {
	use := cleaned(r.Use)
	var m desk.Message
	err := in.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		c, err := tx.LockConversation(conversation)
		if err != nil {
			return err
		}
		m = desk.Message{Direction: desk.Out, Author: author(actor), Kind: desk.KindTemplate, Status: desk.StatusQueued,
			ClientID: clientID(actor, conversation, r.ClientID), More: &desk.Extra{Template: &use}}
		t, err := in.mayTemplate(tx, &c, use)
		if err != nil {
			return err
		}
		m.Body, m.Buttons = desk.Body(t.Filled(use)), t.Shown()
		first, err := repeated(tx, c.ID, m)
		if err != nil || first.ID != 0 {
			m = first
			return err
		}
		return in.write(tx, &c, actor, &m, false)
	})
	return m, err
}

func cleaned(use desk.TemplateUse) desk.TemplateUse {
	clean := func(all []string) []string {
		var out []string
		for _, s := range all {
			out = append(out, text.Normalise(s, desk.MaxBody))
		}
		return out
	}
	use.Header, use.Params = clean(use.Header), clean(use.Params)
	return use
}

// mayTemplate finds the definition of a filled-in template and checks what must
// hold before it is sent.
func (in *Inbox) mayTemplate(tx *store.Tx, c *store.Row, use desk.TemplateUse) (desk.Template, error) {
	acct, t, skills, err := in.templater(&tx.Rx, c.Account)
	if err != nil {
		return desk.Template{}, err
	}
	l, err := tx.Templates(acct.ID)
	if err != nil {
		return desk.Template{}, err
	}
	def, err := l.Find(use)
	if err != nil {
		return def, err
	}
	if err := t.CheckTemplate(def, use); err != nil {
		return def, err
	}
	given, err := tx.OptInsAt(c.Contact, acct.ID)
	if err != nil {
		return def, err
	}
	return def, desk.MayTemplate(def.Category, given, desk.InWindow(c.Conversation, skills, tx.Now()), tx.Now())
}
