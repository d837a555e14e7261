package graph_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/store"
	"parley/sim/meta"
)

type templates struct {
	Items []struct {
		Name, Language, Category, Body, Blocked, Words string
		Params                                         []string
	}
	InWindow bool `json:"in_window"`
}

type optIns struct {
	Items []struct {
		ID, Topic, Source, Note string
		StoppedBy               string `json:"stopped_by"`
		Holds                   bool
	}
}

// whatsApp connects a number with two approved texts and lets the visitor write.
func (w *world) whatsApp() (account, conversation, contact string, chat *meta.Chat) {
	w.Helper()
	_, err := w.app.SetWorkspace(context.Background(), app.SetWorkspace{Workspace: "Northwind", Entitlement: []string{"whatsapp"}})
	w.must(err)
	w.number.WABA.Template("order_ready", "en", "UTILITY", "Hello {{1}}, your order {{2}} is ready.")
	w.number.WABA.Template("spring_sale", "en", "MARKETING", "Hi {{1}}, everything is cheaper this week.")
	account = w.connect("whatsapp", "whatsapp", meta.Choice{})["whatsapp"]
	chat = w.visitor.WritesWhatsApp(w.number)
	chat.Says("Is it ready?")
	w.until("the message is filed", func() bool { return len(w.thread("whatsapp")) == 1 })
	conversation = w.talks("whatsapp")[0].ID
	var c struct{ Contact struct{ ID string } }
	w.good("GET", "/api/v1/conversations/"+conversation, nil, &c)
	return account, conversation, c.Contact.ID, chat
}

// closes ends the reply window of a conversation, here and at Meta.
func (w *world) closes(conversation string) {
	w.Helper()
	id, err := desk.ParseID(conversation)
	w.must(err)
	w.must(w.app.DB.In(w.ws).Write(context.Background(), func(tx *store.Tx) error {
		c, err := tx.LockConversation(id)
		if err != nil {
			return err
		}
		c.WindowUntil = tx.Now().Add(-time.Hour)
		return tx.SaveConversation(c)
	}))
}

func (w *world) list(conversation string) templates {
	w.Helper()
	var l templates
	w.good("GET", "/api/v1/conversations/"+conversation+"/templates", nil, &l)
	return l
}

// covers lessons 1.4 M8 and decision 15: the approved texts are there by
// themselves, are checked before anything is sent, need an opt-in outside the
// window, and read in the thread as the person reads them.
func TestATemplateReachesAPersonOutsideTheWindowOnlyWithTheirOptIn(t *testing.T) {
	each(t, func(w *world) {
		account, conversation, contact, chat := w.whatsApp()
		w.until("the templates were listed", func() bool { return len(w.list(conversation).Items) == 2 })
		to := "/api/v1/conversations/" + conversation + "/messages"
		use := func(name string, params ...string) map[string]any {
			return map[string]any{"template": map[string]any{"name": name, "language": "en", "params": params}}
		}
		if status := w.call("POST", to, use("order_ready", "Ayşe"), nil); status != 422 {
			w.Errorf("a value too few: %d", status)
		}
		w.closes(conversation)
		if l := w.list(conversation); l.InWindow || l.Items[0].Blocked != "opt_in_needed" || l.Items[1].Blocked != "marketing_opt_in" || l.Items[1].Words == "" {
			w.Errorf("without an opt-in: %+v", l)
		}
		if status := w.call("POST", to, map[string]any{"body": "free text"}, nil); status != 403 {
			w.Errorf("free text outside the window: %d", status)
		}
		if status := w.call("POST", to, use("order_ready", "Ayşe", "771"), nil); status != 403 {
			w.Errorf("a template without an opt-in: %d", status)
		}
		given := map[string]any{"channel_id": account, "topic": "messages", "note": "Ticked the box at the till"}
		w.good("POST", "/api/v1/contacts/"+contact+"/opt-ins", given, nil)
		w.good("POST", to, use("order_ready", "Ayşe", "771"), nil)
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		const text = "Hello Ayşe, your order 771 is ready."
		if got, err := chat.WaitReply(ctx); err != nil || got.Text != text {
			w.Errorf("the person read %q, %v", got.Text, err)
		}
		if all := w.thread("whatsapp"); len(all) != 2 || all[1].Kind != "template" || all[1].Body != text {
			w.Errorf("the thread shows %+v", all)
		}
		if status := w.call("POST", to, use("spring_sale", "Ayşe"), nil); status != 403 {
			w.Errorf("marketing without an opt-in for it: %d", status)
		}
		w.stops(conversation, contact, account, chat)
	})
}

// stops: the person's own word ends it, and no member can undo that.
func (w *world) stops(conversation, contact, account string, chat *meta.Chat) {
	w.Helper()
	chat.Says("STOP")
	w.until("the stop is filed", func() bool { return len(w.thread("whatsapp")) == 3 })
	var all optIns
	w.good("GET", "/api/v1/contacts/"+contact+"/opt-ins", nil, &all)
	for _, o := range all.Items {
		if o.Holds || o.StoppedBy != "person" {
			w.Errorf("after STOP: %+v", o)
		}
	}
	if l := w.list(conversation); l.Items[0].Blocked != "opt_in_stopped" || len(all.Items) != 2 {
		w.Errorf("after STOP: %+v %+v", l.Items[0], all)
	}
	again := map[string]any{"channel_id": account, "topic": "messages", "note": "I am sure she wants it"}
	if status := w.call("POST", "/api/v1/contacts/"+contact+"/opt-ins", again, nil); status != 409 {
		w.Errorf("a member undid the person's stop: %d", status)
	}
	chat.Says("Başlat")
	w.until("the person allows it again", func() bool { return w.list(conversation).Items[0].Blocked == "" })
	var seen struct{ Confirm string }
	w.good("POST", "/api/v1/contacts/"+contact+"/erase", nil, &seen)
	w.good("POST", "/api/v1/contacts/"+contact+"/erase", map[string]any{"confirm": seen.Confirm}, nil)
	left := 0
	id, err := desk.ParseID(contact)
	w.must(err)
	w.must(w.app.DB.In(w.ws).Read(context.Background(), func(r *store.Rx) error {
		kept, err := r.OptIns(id)
		left = len(kept)
		return err
	}))
	if left != 0 {
		w.Errorf("%d opt-ins outlive the erased person", left)
	}
}

// A template that WhatsApp pauses is blocked as soon as it says so.
func TestWhatWhatsAppTellsOfATemplateIsKnownAtOnce(t *testing.T) {
	each(t, func(w *world) {
		_, conversation, _, _ := w.whatsApp()
		w.until("the templates were listed", func() bool { return len(w.list(conversation).Items) == 2 })
		w.number.WABA.TemplateStatus("order_ready", "en", "PAUSED", "LOW_QUALITY")
		w.until("the pause is known", func() bool { return strings.HasPrefix(w.list(conversation).Items[0].Blocked, "template_") })
		w.number.WABA.Template("fresh", "tr", "UTILITY", "Merhaba")
		var l templates
		w.good("POST", "/api/v1/conversations/"+conversation+"/templates/read", nil, &l)
		if len(l.Items) != 3 {
			w.Errorf("asked for anew: %+v", l)
		}
	})
}
