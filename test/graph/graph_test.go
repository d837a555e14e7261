package graph_test

import (
	"context"
	"strings"
	"testing"

	"parley/internal/app"
	"parley/internal/connect"
	"parley/internal/desk"
	"parley/internal/store"
	"parley/sim/meta"
)

type commit = store.Commit

// covers H-17, H-19, H-57, H-69: connect a page by Facebook's sign-in, talk both
// ways, and disconnect.
func TestAPageIsConnectedAnsweredAndDisconnected(t *testing.T) {
	each(t, func(w *world) {
		ids := w.connect("messenger", "facebook", meta.Choice{})
		if ids["messenger"] == "" || len(w.page.Subscribed()) == 0 {
			w.Fatalf("connected %v, subscribed to %v", ids, w.page.Subscribed())
		}
		chat := w.visitor.Writes(w.page)
		first := chat.Says("Do you ship to Izmir?")
		w.until("the message is filed", func() bool { return len(w.thread("messenger")) == 1 })
		w.until("the customer's name is known", func() bool { return w.talks("messenger")[0].Contact.Name == "Ayşe Demir" })
		c := w.talks("messenger")[0]
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		w.good("POST", "/api/v1/conversations/"+c.ID+"/typing", nil, nil)
		w.must(chat.WaitTyping(ctx))
		w.good("POST", "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": "Yes, within two days."}, nil)
		reply, err := chat.WaitReply(ctx)
		w.must(err)
		if reply.Text != "Yes, within two days." {
			w.Errorf("the customer read %q", reply.Text)
		}
		chat.Reads()
		w.until("the receipt is shown", func() bool {
			all := w.thread("messenger")
			return len(all) == 2 && all[1].Status == "read" && all[1].ProviderID != ""
		})
		chat.Edits(first, "Do you ship to Ankara?")
		w.until("the edit is shown", func() bool { return w.thread("messenger")[0].Body == "Do you ship to Ankara?" })
		chat.Unsends(first)
		w.until("the unsent text is gone", func() bool { m := w.thread("messenger")[0]; return m.Deleted && m.Body == "" })
		chat.OwnerTypes("This is Selin, from my phone.")
		w.until("what the owner typed takes over", func() bool {
			all := w.thread("messenger")
			return len(all) == 3 && all[2].Author.Kind == "member" && w.talks("messenger")[0].Owner.Kind == "member"
		})
		w.good("POST", "/api/v1/channels/"+ids["messenger"]+"/disconnect", map[string]any{}, nil)
		if len(w.page.Subscribed()) != 0 {
			w.Errorf("still subscribed to %v", w.page.Subscribed())
		}
		if again := w.connect("messenger", "facebook", meta.Choice{}); again["messenger"] != ids["messenger"] {
			w.Errorf("connecting again made %v of %v: the history is lost", again, ids)
		}
		chat.Says("Hello again")
		w.until("the old conversation goes on", func() bool { return len(w.thread("messenger")) == 4 })
	})
}

// covers H-21, H-22
func TestInstagramIsConnectedByItsOwnSignIn(t *testing.T) {
	each(t, func(w *world) {
		w.connect("instagram", "instagram", meta.Choice{})
		chat := w.visitor.WritesInstagram(w.ig)
		chat.Says("Is the blue one back?")
		w.until("the message is filed", func() bool { return len(w.thread("instagram")) == 1 })
		w.good("POST", "/api/v1/conversations/"+w.talks("instagram")[0].ID+"/messages", map[string]any{"body": "Since this morning."}, nil)
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if reply, err := chat.WaitReply(ctx); err != nil || reply.Text != "Since this morning." {
			w.Errorf("the customer read %q, %v", reply.Text, err)
		}
	})
}

// covers H-23, H-24: WhatsApp is in the plan or it is not.
func TestWhatsAppNeedsItsEntitlementAndStopsSendingWithoutIt(t *testing.T) {
	each(t, func(w *world) {
		if status := w.call("POST", "/api/v1/channels/connect", map[string]any{"kind": "whatsapp", "way": "whatsapp", "acknowledged": true}, nil); status != 402 {
			w.Fatalf("without the entitlement: %d", status)
		}
		who := connect.Who{Workspace: w.ws, Actor: desk.Actor{Kind: desk.BySystem}}
		_, err := w.app.SetWorkspace(context.Background(), app.SetWorkspace{Workspace: "Northwind", Entitlement: []string{"whatsapp"}})
		w.must(err)
		w.connect("whatsapp", "whatsapp", meta.Choice{})
		chat := w.visitor.WritesWhatsApp(w.number)
		chat.Says("Merhaba")
		w.until("the message is filed", func() bool { return len(w.thread("whatsapp")) == 1 })
		id := w.talks("whatsapp")[0].ID
		w.good("POST", "/api/v1/conversations/"+id+"/messages", map[string]any{"body": "Merhaba Ayşe Hanım"}, nil)
		w.until("it is delivered", func() bool {
			all := w.thread("whatsapp")
			return len(all) == 2 && (all[1].Status == "delivered" || all[1].Status == "read")
		})
		_, err = w.app.Connect.Entitle(context.Background(), who, nil, []string{"whatsapp"})
		w.must(err)
		w.good("POST", "/api/v1/conversations/"+id+"/messages", map[string]any{"body": "Bir dakika"}, nil)
		w.until("sending stops with a reason", func() bool {
			all := w.thread("whatsapp")
			return len(all) == 3 && all[2].Status == "failed" && all[2].Error != nil && all[2].Error.Code == "not_entitled"
		})
	})
}

// covers H-18: a token that Meta refuses asks for a person, and only for that
// account.
func TestARevokedTokenAsksForReconnecting(t *testing.T) {
	each(t, func(w *world) {
		ids := w.connect("messenger", "facebook", meta.Choice{})
		chat := w.visitor.Writes(w.page)
		chat.Says("Hello?")
		w.until("the message is filed", func() bool { return len(w.thread("messenger")) == 1 })
		w.owner.Revoke(460)
		w.good("POST", "/api/v1/conversations/"+w.talks("messenger")[0].ID+"/messages", map[string]any{"body": "Hi"}, nil)
		w.until("the account asks for a person", func() bool {
			var ch struct{ State string }
			w.good("GET", "/api/v1/channels/"+ids["messenger"], nil, &ch)
			return ch.State == "reconnect_needed"
		})
		if m := w.thread("messenger")[1]; m.Status != "failed" || m.Error == nil || m.Error.Text == "" {
			w.Errorf("the message is %+v", m)
		}
	})
}

// An Instagram echo names no sender: what left in pieces, and what left without
// an answer, is still ours and takes nothing over.
func TestPiecesAndOpenSendsOfInstagramAreOurOwn(t *testing.T) {
	each(t, func(w *world) {
		w.connect("instagram", "instagram", meta.Choice{})
		chat := w.visitor.WritesInstagram(w.ig)
		chat.Says("Tell me everything")
		w.until("the message is filed", func() bool { return len(w.thread("instagram")) == 1 })
		id := w.talks("instagram")[0].ID
		long := strings.Repeat("This sentence says a little about the coats that we have. ", 40)
		w.good("POST", "/api/v1/conversations/"+id+"/messages", map[string]any{"body": long}, nil)
		w.until("it left", func() bool {
			all := w.thread("instagram")
			return len(all) == 2 && all[1].Status != "queued" && all[1].Status != "sending"
		})
		w.must(w.sim.Until(context.Background(), "every echo was delivered", func() bool { return w.sim.Pending() == 0 }))
		w.good("POST", "/api/v1/conversations/"+id+"/hand-back", nil, nil)
		w.sim.Weather(meta.DropAfterAccept, meta.Force{Times: 1})
		w.good("POST", "/api/v1/conversations/"+id+"/messages", map[string]any{"body": "Did this one leave?"}, nil)
		w.until("the echo decides", func() bool {
			all := w.thread("instagram")
			return len(all) == 3 && all[2].ProviderID != "" && (all[2].Status == "sent" || all[2].Status == "delivered")
		})
		if all := w.thread("instagram"); len(all) != 3 {
			w.Errorf("%d messages: an echo of ours was filed as somebody else's", len(all))
		}
	})
}

// What the owner types by hand is never taken for a send of ours whose outcome
// is open, though its words stand in it.
func TestAShortWordOfTheOwnerIsNotTakenForAnOpenSend(t *testing.T) {
	each(t, func(w *world) {
		w.connect("instagram", "instagram", meta.Choice{})
		chat := w.visitor.WritesInstagram(w.ig)
		chat.Says("Is it fine?")
		w.until("the message is filed", func() bool { return len(w.thread("instagram")) == 1 })
		id := w.talks("instagram")[0].ID
		w.sim.Weather(meta.LostEvent, meta.Force{Times: 1})
		w.sim.Weather(meta.DropAfterAccept, meta.Force{Times: 1})
		w.good("POST", "/api/v1/conversations/"+id+"/messages", map[string]any{"body": "Look, it is ok."}, nil)
		w.until("the outcome is open", func() bool {
			all := w.thread("instagram")
			return len(all) == 2 && all[1].Status == "unknown"
		})
		chat.OwnerTypes("ok")
		w.until("the owner's word stands by itself", func() bool {
			all := w.thread("instagram")
			return len(all) == 3 && all[2].Body == "ok" && all[2].Author.Kind == "member" && all[1].Status == "unknown"
		})
	})
}
