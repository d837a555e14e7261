package demo

import (
	"context"
	"encoding/json"

	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// The sample conversations go the whole way of real ones: through the door,
// filed, considered, answered from the knowledge, delivered.

// person is a sample visitor.
type person struct {
	s       *seed
	acct    desk.Account
	visitor string
	name    string
	thread  desk.ID
}

func (s *seed) person(acct desk.Account, name string) *person {
	return &person{s: s, acct: acct, name: name, visitor: secret.Token()[:22], thread: s.app.DB.NewID()}
}

func (p *person) say(ctx context.Context, text string) error {
	now := p.s.app.Clock.Now()
	item, err := json.Marshal(desk.Arrival{Kind: desk.ArrivedMessage, ExternalID: p.visitor + ":" + secret.Token()[:16], At: now, Text: desk.Body(text),
		Sender: desk.IdentityHint{Kind: "visitor", Value: p.visitor}, Thread: p.thread, Name: p.name, Consent: desk.ConsentGranted,
		Session: &desk.Session{ID: p.visitor[:8] + ".demo", Consent: desk.ConsentGranted, PageURL: p.s.shop + "/", StartedAt: now, SeenAt: now,
			UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}})
	if err != nil {
		return err
	}
	part, err := json.Marshal(map[string]any{"key": p.acct.OutsideID, "items": []json.RawMessage{item}})
	if err != nil {
		return err
	}
	return p.s.app.Intake.AcceptPart(ctx, p.acct, part)
}

// wait waits until the conversation looks as asked for.
func (p *person) wait(ctx context.Context, what string, ok func(store.Row, []desk.Message) bool) error {
	return p.s.until(ctx, what, func() (bool, error) {
		done := false
		err := p.s.h.Read(ctx, func(r *store.Rx) error {
			row, err := r.Conversation(p.thread)
			if desk.IsNotFound(err) {
				return nil
			}
			if err != nil {
				return err
			}
			messages, err := r.MessagesBefore(p.thread, 0, 20)
			done = err == nil && ok(row, messages)
			return err
		})
		return done, err
	})
}

// ask says something and waits until the AI answered or called a person.
func (p *person) ask(ctx context.Context, text string) error {
	if err := p.say(ctx, text); err != nil {
		return err
	}
	return p.wait(ctx, "a sample question is answered", func(row store.Row, messages []desk.Message) bool {
		if row.HandOver != "" || row.DraftReady {
			return true
		}
		return len(messages) > 0 && messages[0].Direction == desk.Out && messages[0].Status == desk.StatusSent
	})
}

func (s *seed) conversations(ctx context.Context, acct desk.Account, owner desk.ID) error {
	selin := desk.Actor{Kind: desk.ByMember, ID: owner, Name: ownerName, Role: desk.RoleOwner}
	for _, story := range []func(context.Context, desk.Account, desk.Actor) error{s.storyDraft, s.storyAnswered, s.storyHandedOver} {
		if err := story(ctx, acct, selin); err != nil {
			return err
		}
	}
	return nil
}

// storyAnswered: the AI answers in English, and a member adds a note.
func (s *seed) storyAnswered(ctx context.Context, acct desk.Account, selin desk.Actor) error {
	emma := s.person(acct, "Emma Clarke")
	if err := emma.ask(ctx, "Can I return a coat that is too small?"); err != nil {
		return err
	}
	if err := emma.ask(ctx, "Can I pay in instalments?"); err != nil {
		return err
	}
	_, err := s.app.Inbox.Reply(ctx, s.h.Workspace(), emma.thread, selin, inbox.Reply{Body: "Regular customer. Coats run small this season.", Note: true})
	return err
}

// storyHandedOver: a question in Turkish, then the wish for a person.
func (s *seed) storyHandedOver(ctx context.Context, acct desk.Account, _ desk.Actor) error {
	ayse := s.person(acct, "Ayşe Demir")
	if err := ayse.ask(ctx, "İade süresi kaç gün?"); err != nil {
		return err
	}
	if err := ayse.say(ctx, "Bir yetkiliyle görüşmek istiyorum."); err != nil {
		return err
	}
	return ayse.wait(ctx, "a person is called", func(row store.Row, _ []desk.Message) bool { return row.HandOver != "" })
}

// storyDraft: a member lets the AI only draft, so an answer waits for approval.
func (s *seed) storyDraft(ctx context.Context, acct desk.Account, selin desk.Actor) error {
	jonas := s.person(acct, "Jonas Weber")
	if err := jonas.ask(ctx, "Hello!"); err != nil {
		return err
	}
	if _, err := s.app.Inbox.SetMode(ctx, s.h.Workspace(), jonas.thread, selin, desk.ModeDraft); err != nil {
		return err
	}
	return jonas.ask(ctx, "Do you sell gift cards?")
}
