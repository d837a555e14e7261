package graph_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/sim/meta"
)

const (
	deauthorize = "/hooks/meta/deauthorize"
	deletion    = "/hooks/meta/deletion"
)

// passes lets Meta pass a person's request on, and gives the status page's
// address.
func (w *world) passes(path, signed string) string {
	w.Helper()
	status, raw, err := w.sim.Callback(context.Background(), w.at+path, signed)
	w.must(err)
	var told struct {
		URL  string `json:"url"`
		Code string `json:"confirmation_code"`
	}
	if status != http.StatusOK || json.Unmarshal(raw, &told) != nil || told.Code == "" || told.URL != w.at+"/privacy/status/"+told.Code {
		w.Fatalf("%s answered %d %s", path, status, raw)
	}
	return told.URL
}

// done waits until a request is carried out and gives its page.
func (w *world) done(address string) string {
	w.Helper()
	for {
		res, err := http.Get(address)
		w.must(err)
		raw, err := io.ReadAll(res.Body)
		w.must(err)
		_ = res.Body.Close()
		if _, page, _ := strings.Cut(string(raw), "<main>"); res.StatusCode == http.StatusOK && strings.Contains(page, ">Done</h2>") {
			return page
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		select {
		case <-w.log.ends:
		case <-ctx.Done():
			w.Fatalf("the request was not carried out: %d %s", res.StatusCode, raw)
		}
		cancel()
	}
}

func (w *world) state(id string) string {
	w.Helper()
	var ch struct{ State string }
	if status := w.call("GET", "/api/v1/channels/"+id, nil, &ch); status != http.StatusOK {
		return http.StatusText(status)
	}
	return ch.State
}

// holds counts the tokens and what Meta told of an account.
func (w *world) holds(id string) (secrets int, card store.Card) {
	w.Helper()
	acct, err := desk.ParseID(id)
	w.must(err)
	w.must(w.app.DB.In(w.ws).Read(context.Background(), func(r *store.Rx) error {
		all, err := r.Secrets(acct)
		if err != nil {
			return err
		}
		secrets = len(all)
		card, err = r.Card(acct)
		return err
	}))
	return secrets, card
}

// acts counts what the record holds of an action.
func (w *world) acts(action string) (n int) {
	w.Helper()
	all, err := w.app.Audit.List(context.Background(), w.ws, 0, 1000)
	w.must(err)
	for _, l := range all {
		if l.Action == action {
			n++
		}
	}
	return n
}

// offered begins a sign-in of somebody and stops before anything is ticked.
func (w *world) offered(ch meta.Choice) offer {
	w.Helper()
	var begun struct{ URL string }
	w.good("POST", "/api/v1/channels/connect", map[string]any{"kind": "messenger", "way": "facebook", "acknowledged": true}, &begun)
	back, err := w.sim.Approve(begun.URL, ch)
	w.must(err)
	u, err := url.Parse(back)
	w.must(err)
	var o offer
	w.good("POST", "/api/v1/channels/connect/finish", map[string]any{"state": u.Query().Get("state"), "code": u.Query().Get("code")}, &o)
	return o
}

// both connects the owner's page and its Instagram account by Facebook's sign-in.
func (w *world) both() map[string]string {
	w.Helper()
	ids := w.connect("messenger", "facebook", meta.Choice{Person: w.owner})
	ids["instagram"] = w.connect("instagram", "facebook", meta.Choice{Person: w.owner})["instagram"]
	return ids
}

// covers decision 10, A-9.1-03, H-19: who removes the app at Meta takes their
// tokens away, nobody else's, and no conversation.
func TestRemovingTheAppDestroysThatPersonsTokensOnly(t *testing.T) {
	each(t, func(w *world) {
		deniz := w.sim.Person("Deniz Ak")
		deniz.Instagram("southwind.books", deniz.Page("Southwind Books"))
		ids := w.both()
		other := w.connect("messenger", "facebook", meta.Choice{Person: deniz})["messenger"]
		w.visitor.Writes(w.page).Says("Hello?")
		w.until("the message is filed", func() bool { return len(w.thread("messenger")) == 1 })
		waiting := w.offered(meta.Choice{Person: w.owner})

		signed := w.sim.SignedRequest(w.owner, false)
		page := w.passes(deauthorize, signed)
		if text := w.done(page); !strings.Contains(text, "access tokens were destroyed: 2</li>") {
			w.Errorf("the page says %s", text)
		}
		for kind, id := range ids {
			if n, card := w.holds(id); w.state(id) != "reconnect_needed" || n != 0 || card.Fault != "deauthorized" || !card.RenewAt.IsZero() {
				w.Errorf("%s is %s with %d tokens, %+v", kind, w.state(id), n, card)
			}
		}
		var health struct {
			Findings []struct {
				OK    bool
				Fault string
			}
		}
		w.good("GET", "/api/v1/channels/"+ids["messenger"]+"/health", nil, &health)
		if len(health.Findings) == 0 || health.Findings[0].OK || !strings.Contains(health.Findings[0].Fault, "took Parley's access back") {
			w.Errorf("its health is %+v", health)
		}
		if n, card := w.holds(other); w.state(other) != "active" || n == 0 || card.Fault != "" {
			w.Errorf("somebody else's account is %s with %d tokens", w.state(other), n)
		}
		if len(w.thread("messenger")) != 1 || w.acts("channel.deauthorize") != 2 {
			w.Errorf("%d messages left, %d acts recorded", len(w.thread("messenger")), w.acts("channel.deauthorize"))
		}
		accounts := []map[string]string{{"kind": "messenger", "outside_id": w.page.ID}}
		if status := w.call("POST", "/api/v1/channels/connect/confirm", map[string]any{"offer_id": waiting.ID, "accounts": accounts}, nil); status != 404 {
			w.Errorf("a sign-in of that person still waits: %d", status)
		}

		if again := w.connect("messenger", "facebook", meta.Choice{Person: w.owner}); again["messenger"] != ids["messenger"] {
			w.Errorf("connected anew as %v", again)
		}
		if w.passes(deauthorize, signed) != page || w.state(ids["messenger"]) != "active" || w.acts("channel.deauthorize") != 2 {
			w.Error("a repeat of the old request was another one")
		}
	})
}

// covers decision 10, A-9.1-01, A-9.1-02, H-69: deletion disconnects, erases what
// Meta told, and leaves the business its conversations.
func TestDeletionDisconnectsAndErasesWhatIsHeldOfThatPerson(t *testing.T) {
	each(t, func(w *world) {
		ids := w.both()
		w.visitor.Writes(w.page).Says("Hello?")
		w.until("the message is filed", func() bool { return len(w.thread("messenger")) == 1 })
		signed := w.sim.SignedRequest(w.owner, false)
		page := w.passes(deletion, signed)
		if text := w.done(page); !strings.Contains(text, "deleted: 2</li>") || !strings.Contains(text, "belong to the business") || strings.Contains(text, w.owner.ID) {
			w.Errorf("the page says %s", text)
		}
		for kind, id := range ids {
			if n, card := w.holds(id); n != 0 || card.Details.AppUser != "" || card.Details.DisplayName != "" || !card.CheckedAt.IsZero() {
				w.Errorf("of %s %d tokens and %+v are left", kind, n, card)
			}
		}
		if len(w.page.Subscribed()) != 0 || w.acts("channel.disconnect") != 2 {
			w.Errorf("subscribed to %v, %d acts recorded", w.page.Subscribed(), w.acts("channel.disconnect"))
		}
		if len(w.thread("messenger")) != 1 {
			w.Error("the business lost its conversation")
		}
		if w.passes(deletion, signed) != page || w.acts("channel.disconnect") != 2 {
			w.Error("a repeat was another request")
		}
	})
}

// Meta says first that the app was removed and may ask for deletion later: what
// was left without a token is found all the same.
func TestDeletionFindsWhatWasDeauthorizedBefore(t *testing.T) {
	each(t, func(w *world) {
		id := w.connect("instagram", "instagram", meta.Choice{})["instagram"]
		own := w.sim.SignedRequest(&meta.Person{ID: w.ig.ID}, true)
		w.done(w.passes(deauthorize, own))
		if w.state(id) != "reconnect_needed" {
			w.Fatalf("the account is %s", w.state(id))
		}
		if text := w.done(w.passes(deletion, own)); !strings.Contains(text, "deleted: 1</li>") {
			w.Errorf("the page says %s", text)
		}
		if n, card := w.holds(id); n != 0 || card.Details.InstagramID != "" {
			w.Errorf("%d tokens and %+v are left", n, card.Details)
		}
	})
}

// covers decision 10: an id that is a contact's erases that contact; one that is
// nobody's is said to be.
func TestDeletionErasesAContactOnlyWhereTheIDIsTheirs(t *testing.T) {
	each(t, func(w *world) {
		w.connect("messenger", "facebook", meta.Choice{})
		w.visitor.Writes(w.page).Says("Hello?")
		w.sim.Customer(meta.Profile{Name: "Can Er"}).Writes(w.page).Says("Good morning")
		w.until("both are filed", func() bool { return len(w.talks("messenger")) == 2 })
		if text := w.done(w.passes(deletion, w.sim.SignedRequest(w.sim.Person("Deniz Ak"), false))); !strings.Contains(text, "Nothing could be matched") {
			w.Errorf("of somebody unknown the page says %s", text)
		}
		if len(w.talks("messenger")) != 2 {
			w.Fatal("somebody unknown erased somebody")
		}
		if text := w.done(w.passes(deletion, w.sim.SignedRequest(&meta.Person{ID: w.psid("Ayşe Demir")}, false))); !strings.Contains(text, "Messages erased: 1</li>") {
			w.Errorf("the page says %s", text)
		}
		if all := w.talks("messenger"); len(all) != 1 || all[0].Contact.Name != "Can Er" || w.acts("contact.erase") != 1 {
			w.Errorf("left are %+v, %d acts recorded", all, w.acts("contact.erase"))
		}
	})
}

// psid is the page-scoped id of whoever has a name.
func (w *world) psid(name string) (id string) {
	w.Helper()
	w.must(w.app.DB.In(w.ws).Read(context.Background(), func(r *store.Rx) error {
		all, err := r.Contacts(0, 100)
		for _, c := range all {
			if err != nil || c.Name != name {
				continue
			}
			var known []desk.Identity
			if known, err = r.Identities(c.ID); len(known) > 0 {
				id = known[0].Value
			}
		}
		return err
	}))
	return id
}

// covers A-9.1-01: forged and stale requests change nothing, leave no row, and
// nothing of them is logged.
func TestAForgedOrStaleRequestIsRefused(t *testing.T) {
	each(t, func(w *world) {
		id := w.connect("messenger", "facebook", meta.Choice{})["messenger"]
		begun := w.app.Clock.Now()
		signer := func(secret string, age time.Duration) string {
			s := meta.New(meta.Options{AppSecret: secret, Clock: clock.NewFake(begun.Add(-age))})
			defer s.Close()
			return s.SignedRequest(w.owner, false)
		}
		right := signer("app-secret", 0)
		sig, payload, _ := strings.Cut(right, ".")
		form := func(signed ...string) string { return url.Values{"signed_request": signed}.Encode() }
		const asForm = "application/x-www-form-urlencoded"
		for name, c := range map[string]struct{ body, kind string }{
			"signed by another":   {form(signer("other-secret", 0)), asForm},
			"a day and more old":  {form(signer("app-secret", 24*time.Hour+time.Minute)), asForm},
			"of the future":       {form(signer("app-secret", -time.Hour)), asForm},
			"another payload":     {form(sig + "." + strings.ToUpper(payload)), asForm},
			"without a signature": {form("." + payload), asForm},
			"no payload":          {form(sig + "."), asForm},
			"twice":               {form(right, right), asForm},
			"nothing":             {"", asForm},
			"no form":             {"%zz=", asForm},
			"JSON":                {`{"signed_request":"` + right + `"}`, "application/json"},
			"no type":             {form(right), ""},
		} {
			for _, path := range []string{deauthorize, deletion} {
				res, err := http.Post(w.at+path, c.kind, strings.NewReader(c.body))
				w.must(err)
				raw, err := io.ReadAll(res.Body)
				w.must(err)
				_ = res.Body.Close()
				if res.StatusCode != 400 || res.Header.Get("Content-Type") != "application/problem+json" || strings.Contains(string(raw), sig) {
					w.Errorf("%s at %s: %d %s", name, path, res.StatusCode, raw)
				}
			}
		}
		if w.state(id) != "active" || w.acts("channel.deauthorize") != 0 {
			w.Errorf("the account is %s", w.state(id))
		}
		for _, secret := range []string{sig, payload, w.owner.ID} {
			if strings.Contains(w.log.text(), secret) {
				w.Error("the log holds a part of a request")
			}
		}
		w.nothingOpened(begun, 0, 24*time.Hour+time.Minute, -time.Hour)
	})
}

// nothingOpened opens the cases of the owner's requests of those ages itself, and
// sees that none was there.
func (w *world) nothingOpened(begun time.Time, ages ...time.Duration) {
	w.Helper()
	ctx, now := context.Background(), w.app.Clock.Now().Truncate(time.Microsecond)
	for _, kind := range []string{privacy.Deauthorize, privacy.Deletion} {
		for _, age := range ages {
			code, err := w.app.Cases.Open(ctx, privacy.Request{Kind: kind, User: w.owner.ID, At: begun.Add(-age)})
			w.must(err)
			if c, err := w.app.Cases.Find(ctx, code); err != nil || c.Opened.Before(now) {
				w.Errorf("%s: the case of a refused request is there: %v", kind, err)
			}
			w.done(w.at + "/privacy/status/" + code)
		}
	}
}
