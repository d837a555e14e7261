package graph_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"parley/internal/app"
	"parley/sim/meta"
)

// carried is what the inbox shows of a message beside its text.
type carried struct {
	Kind, Body, Fallback, Echo string
	Quote                      *struct{ Text string }
	Reactions                  []struct{ By, Emoji string }
	Event                      *struct{ Kind string }
	Extra                      *struct {
		Order *struct {
			Total, Currency string
			Items           []struct{ Product string }
		}
		Location *struct{ Name string }
		Cards    []struct{ Name string }
		Fault    string
	}
}

// shown asks for a conversation's messages, oldest first, in a language.
func (w *world) shown(kind, language string) (all []carried, preview string) {
	w.Helper()
	var list struct{ Items []carried }
	var talks struct {
		Items []struct {
			ID      string
			Channel struct{ Kind string }
			Preview struct{ Text string }
		}
	}
	w.inLanguage(language, "/api/v1/conversations?view=all", &talks)
	for _, c := range talks.Items {
		if c.Channel.Kind == kind {
			preview = c.Preview.Text
			w.inLanguage(language, "/api/v1/conversations/"+c.ID+"/messages?limit=100", &list)
		}
	}
	slices.Reverse(list.Items)
	return list.Items, preview
}

func (w *world) inLanguage(language, path string, out any) {
	w.Helper()
	req, err := http.NewRequest(http.MethodGet, w.at+path, nil)
	w.must(err)
	req.Header.Set("Authorization", "Bearer "+w.key)
	req.Header.Set("Accept-Language", language)
	res, err := http.DefaultClient.Do(req)
	w.must(err)
	defer func() { _ = res.Body.Close() }()
	w.must(json.NewDecoder(res.Body).Decode(out))
}

func TestWhatAMessageCarriesIsShownInTheReadersLanguage(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.app.SetWorkspace(w.Context(), app.SetWorkspace{Workspace: "Northwind", Entitlement: []string{"whatsapp"}})
		w.must(err)
		w.connect("whatsapp", "whatsapp", meta.Choice{})
		chat := w.visitor.WritesWhatsApp(w.number)
		first := chat.Says("Merhaba")
		for _, act := range []meta.Act{{Kind: "order", Text: "bitte"}, {Kind: "contacts"}, {Kind: "reply", Target: first, Text: "still there?"},
			{Kind: "number_changed", NewPhone: "905325550199"}, {Kind: "unsupported"}, {Kind: "location"}} {
			_, err := chat.Does(act)
			w.must(err)
		}
		chat.Reacts(first, "👍")
		var all []carried
		w.until("everything is shown", func() bool {
			all, _ = w.shown("whatsapp", "tr")
			return len(all) == 7 && len(all[0].Reactions) == 1
		})
		if r := all[0].Reactions[0]; r.By != "contact" || r.Emoji != "👍" {
			w.Errorf("reacted %+v", r)
		}
		if o := all[1].Extra; o == nil || o.Order == nil || o.Order.Total != "60" || o.Order.Currency != "USD" || all[1].Fallback != "Sipariş" || all[1].Body != "bitte" {
			w.Errorf("the order is %+v", all[1])
		}
		if c := all[2].Extra; c == nil || len(c.Cards) != 1 || c.Cards[0].Name == "" {
			w.Errorf("the card is %+v", all[2])
		}
		if q := all[3].Quote; q == nil || q.Text != "Merhaba" {
			w.Errorf("the answer quotes %+v", q)
		}
		if e := all[4].Event; e == nil || e.Kind != "new_id" {
			w.Errorf("the new number is told as %+v", all[4])
		}
		if x := all[5].Extra; x == nil || x.Fault != "Kanalda bu tür mesajlar yok." {
			w.Errorf("the fault is %+v", x)
		}
		if _, preview := w.shown("whatsapp", "en"); preview != "Location" {
			w.Errorf("the list says %q", preview)
		}
		if _, preview := w.shown("whatsapp", "tr"); preview != "Konum" {
			w.Errorf("in Turkish the list says %q", preview)
		}
	})
}

func TestAnotherProgramThatTakesTheThreadIsTold(t *testing.T) {
	each(t, func(w *world) {
		w.connect("messenger", "facebook", meta.Choice{})
		chat := w.visitor.Writes(w.page)
		chat.Says("Hello")
		w.until("the message is filed", func() bool { return len(w.thread("messenger")) == 1 })
		told := func(n int, kind string) {
			w.until(kind, func() bool {
				all, _ := w.shown("messenger", "en")
				return len(all) == n && all[n-1].Event != nil && all[n-1].Event.Kind == kind
			})
		}
		chat.Handover("take_thread_control", w.sim.App().ID, "263902037430900", "")
		told(2, "thread_away")
		chat.Handover("pass_thread_control", "263902037430900", w.sim.App().ID, "")
		told(3, "thread_back")
	})
}
