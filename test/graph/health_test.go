package graph_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/internal/app"
	"parley/sim/meta"
)

type finding struct {
	Name, Words, Fault, Detail string
	OK, Warn                   bool
}

// faults are the words of what a check finds, by the finding's name.
func (w *world) faults(id string) map[string]finding {
	w.Helper()
	w.clock.Move(2 * time.Second) // Meta lists conversations twice a second
	var h struct{ Findings []finding }
	w.good("GET", "/api/v1/channels/"+id+"/health", nil, &h)
	all := map[string]finding{}
	for _, f := range h.Findings {
		if f.Words == "" || strings.HasPrefix(f.Words, "health.") {
			w.Errorf("%s has no words", f.Name)
		}
		if !f.OK || f.Warn {
			all[f.Name] = f
		}
	}
	return all
}

type notice struct {
	State  string
	Notice struct{ Code, Level, Text string }
}

// doctored is what doctor says of the channels.
func (w *world) doctored() (state app.State, text string) {
	w.Helper()
	w.clock.Move(2 * time.Second)
	all, err := w.app.Doctor(context.Background())
	w.must(err)
	state = app.OK
	for _, f := range all {
		if f.Name != "channel" {
			continue
		}
		text += f.Text + "\n"
		if f.State == app.Fail || f.State == app.Warn && state == app.OK {
			state = f.State
		}
	}
	return state, text
}

// covers H-67, lessons 3.26, 3.27: every fault at Meta's side is named in words
// by the health check, and by doctor.
func TestEachFaultOfAnAccountIsNamedInWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		channel, way string
		breaks       func(w *world, id string)
		finding      string
		says         string
	}{
		"token":         {"messenger", "facebook", func(w *world, _ string) { w.owner.Revoke(460) }, "token", "changed their password"},
		"app removed":   {"messenger", "facebook", func(w *world, _ string) { w.owner.Revoke(458) }, "token", "app was removed"},
		"token ended":   {"instagram", "instagram", func(w *world, _ string) { w.clock.Move(61 * 24 * time.Hour) }, "until", "access to Meta has ended"},
		"subscription":  {"messenger", "facebook", func(w *world, _ string) { w.page.Unsubscribed() }, "subscription", "not delivered to Parley"},
		"messages off":  {"instagram", "instagram", func(w *world, _ string) { w.ig.MessageAccess(false) }, "messages", "Allow access to messages"},
		"linked, off":   {"instagram", "facebook", func(w *world, _ string) { w.ig.MessageAccess(false) }, "messages", "Allow access to messages"},
		"no permission": {"messenger", "facebook", func(w *world, _ string) { w.owner.Withdraws("pages_read_engagement") }, "permissions", "A permission is missing"},
		"app not live":  {"messenger", "facebook", func(w *world, id string) { w.sim.Live(false); w.refusedTalk("messenger", id) }, "sending", "not live yet"},
		"unreachable":   {"messenger", "facebook", func(w *world, _ string) { w.sim.Weather(meta.ServerError, meta.Force{Times: -1}) }, "reach", "passing fault"},
		"no number":     {"whatsapp", "whatsapp", func(w *world, _ string) { w.number.Unregistered() }, "number", "not in service"},
		"nothing came":  {"messenger", "facebook", func(w *world, _ string) { w.clock.Move(25 * time.Hour) }, "events", "Nothing has arrived"},
		"end is near":   {"instagram", "instagram", func(w *world, _ string) { w.clock.Move(55 * 24 * time.Hour) }, "until", "within ten days"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t, "")
			_, err := w.app.SetWorkspace(context.Background(), app.SetWorkspace{Workspace: "Northwind", Entitlement: []string{"whatsapp"}})
			w.must(err)
			id := w.connect(c.channel, c.way, meta.Choice{})[c.channel]
			if found := w.faults(id); len(found) != 0 {
				t.Fatalf("at first it finds %+v", found)
			}
			if state, text := w.doctored(); state != app.OK || !strings.Contains(text, "answers in") {
				t.Errorf("at first doctor says %s %s", state, text)
			}
			c.breaks(w, id)
			found := w.faults(id)
			if f, ok := found[c.finding]; !ok || !strings.Contains(f.Fault, c.says) {
				t.Errorf("it finds %+v", found)
			}
			want := app.Fail
			if found[c.finding].OK {
				want = app.Warn
			}
			if state, text := w.doctored(); state != want && len(found) == 1 || !strings.Contains(text, c.says) {
				t.Errorf("doctor says %s %s", state, text)
			}
		})
	}
}

// refusedTalk lets a customer write and a member answer, which Meta refuses.
func (w *world) refusedTalk(kind, id string) {
	w.Helper()
	w.visitor.Writes(w.page).Says("Hello?")
	w.until("the message is filed", func() bool { return len(w.thread(kind)) == 1 })
	w.good("POST", "/api/v1/conversations/"+w.talks(kind)[0].ID+"/messages", map[string]any{"body": "Hi"}, nil)
	w.until("it was refused", func() bool { m := w.thread(kind); return len(m) == 2 && m[1].Status == "failed" })
	w.until("the channel says so", func() bool {
		var n notice
		w.good("GET", "/api/v1/channels/"+id, nil, &n)
		return n.Notice.Level == "bad"
	})
}

// covers decision 9 of the list: the end of a token is announced ten days
// before, once; a token that Meta renews is never announced.
func TestTheEndOfATokenIsAnnouncedTenDaysBefore(t *testing.T) {
	each(t, func(w *world) {
		ctx := context.Background()
		id := w.connect("instagram", "instagram", meta.Choice{})["instagram"]
		other := w.connect("messenger", "facebook", meta.Choice{})["messenger"]
		look := func(id string) (n notice) {
			w.good("GET", "/api/v1/channels/"+id, nil, &n)
			return n
		}
		w.clock.Move(40 * 24 * time.Hour)
		w.must(w.app.Connect.Warn(ctx))
		if n := look(id); n.Notice.Code != "" || w.acts("channel.token_ends") != 0 {
			t := w.T
			t.Errorf("20 days before its end: %+v", n)
		}
		w.clock.Move(10*24*time.Hour + time.Hour)
		w.must(w.app.Connect.Warn(ctx))
		w.must(w.app.Connect.Warn(ctx))
		if n := look(id); n.State != "active" || n.Notice.Code != "token_ends_soon" || n.Notice.Level != "warn" || n.Notice.Text == "" || w.acts("channel.token_ends") != 1 {
			w.Errorf("ten days before its end: %+v, announced %d times", n, w.acts("channel.token_ends"))
		}
		w.clock.Move(10 * 24 * time.Hour)
		w.must(w.app.Connect.Warn(ctx))
		w.must(w.app.Connect.Warn(ctx))
		if n := look(id); n.State != "reconnect_needed" || n.Notice.Code != "token_expired" || n.Notice.Level != "bad" || w.acts("channel.broken") != 1 {
			w.Errorf("after its end: %+v", n)
		}
		if n := look(other); n.State != "active" || n.Notice.Code != "" {
			w.Errorf("the page, whose token has no end, is %+v", n)
		}
	})
}

// covers lessons 3.20, 3.21, H-18: tokens are renewed long before their end by
// the program itself; one that cannot be renewed stops no other.
func TestTokensAreRenewedInTimeAndABrokenOneStopsNoOther(t *testing.T) {
	each(t, func(w *world) {
		ctx := context.Background()
		deniz := w.sim.Person("Deniz Ak")
		second := deniz.Instagram("southwind.books", deniz.Page("Southwind Books"))
		first := w.connect("instagram", "instagram", meta.Choice{})["instagram"]
		other := w.connect("instagram", "instagram", meta.Choice{Person: deniz})["instagram"]
		w.owner.Revoke(460)
		for range 4 { // half a year, a renewal each time it is due
			w.clock.Move(45 * 24 * time.Hour)
			w.must(w.app.Connect.Renew(ctx))
			w.must(w.app.Connect.Warn(ctx))
		}
		if w.state(first) != "reconnect_needed" || w.state(other) != "active" {
			w.Errorf("the revoked one is %s, the other %s", w.state(first), w.state(other))
		}
		if n, card := w.holds(other); n == 0 || card.Details.TokenUntil.Before(w.clock.Now().Add(40*24*time.Hour)) {
			w.Errorf("%d tokens, until %v", n, card.Details.TokenUntil)
		}
		chat := w.visitor.WritesInstagram(second)
		chat.Says("Still there?")
		w.until("the message is filed", func() bool { return len(w.thread("instagram")) == 1 })
		w.good("POST", "/api/v1/conversations/"+w.talks("instagram")[0].ID+"/messages", map[string]any{"body": "Always."}, nil)
		within, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		if reply, err := chat.WaitReply(within); err != nil || reply.Text != "Always." {
			w.Errorf("the customer read %q, %v", reply.Text, err)
		}
	})
}

// covers the "two workspaces connecting the same page": one outside
// account belongs to one workspace, and the second is told so.
func TestAPageIsConnectedByOneWorkspaceOnly(t *testing.T) {
	each(t, func(w *world) {
		first := w.connect("messenger", "facebook", meta.Choice{})["messenger"]
		k, err := w.app.AddKey(context.Background(), app.AddKey{Workspace: "Southwind", Name: "test", Role: "owner"})
		w.must(err)
		own := w.key
		w.key = k.Token
		o := w.offered(meta.Choice{Person: w.owner})
		accounts := []map[string]string{{"kind": "messenger", "outside_id": w.page.ID}}
		var done connected
		w.good("POST", "/api/v1/channels/connect/confirm", map[string]any{"offer_id": o.ID, "accounts": accounts}, &done)
		if len(done.Items) != 1 || done.Items[0].Channel != nil || done.Items[0].Code != "account_taken" || !strings.Contains(done.Items[0].Text, "nother workspace") {
			w.Errorf("the second is told %+v", done)
		}
		var list struct{ Items []any }
		w.good("GET", "/api/v1/channels", nil, &list)
		if len(list.Items) != 0 || w.call("GET", "/api/v1/channels/"+first, nil, nil) != http.StatusNotFound {
			w.Errorf("the second has %v", list.Items)
		}
		w.key = own
		if n, _ := w.holds(first); w.state(first) != "active" || n == 0 {
			w.Errorf("the first is %s with %d tokens", w.state(first), n)
		}
	})
}
