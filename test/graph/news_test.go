package graph_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/sim/smtp"
)

// confirmed is a member who showed that the address is theirs, behind a mailed
// link, and is signed in.
func (w *world) confirmed(sim *smtp.Sim, email string) *browser {
	w.Helper()
	w.member(email, desk.RoleAgent)
	w.visit("POST", "/api/v1/session/forgot", map[string]string{"email": email}, nil)
	raw := strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(w.letterTo(sim, email, "/reset"))
	token := mailedToken.FindStringSubmatch(raw)[1]
	const words = "four red kites at dawn"
	if got := w.visit("PUT", "/api/v1/session/link", map[string]string{"token": token, "password": words}, nil); got != 200 {
		w.Fatalf("choosing answers %d", got)
	}
	b := &browser{w: w}
	if got := b.ask("POST", "/api/v1/session", map[string]string{"email": email, "password": words}, nil); got.Status != 200 {
		w.Fatalf("%d %s", got.Status, got.Code)
	}
	return b
}

// News of the product is the operator's to send and goes to whoever allowed it and
// to nobody else; one press in the mail program ends it without a sign-in, and
// nothing more comes (covers A-4.2-01, A-5.5-03).
func TestNewsGoesToWhoAllowedItAndEndsByOnePress(t *testing.T) {
	sim, set := mailbox(t)
	w := open(t, "", set)
	const ada, ben, can = "ada@northwind.example", "ben@northwind.example", "can@northwind.example"
	his := map[string]*browser{}
	for _, email := range []string{ada, ben, can} {
		his[email] = w.confirmed(sim, email)
	}
	w.member("op@northwind.example", desk.RoleOperator)
	op := &browser{w: w}
	op.ask("POST", "/api/v1/session", map[string]string{"email": "op@northwind.example", "password": secretWords}, nil)
	type wish struct {
		Purpose, Version string
		Allowed          bool
	}
	wishes := func(email string) (w wish) {
		var list struct{ Wishes []wish }
		his[email].ask("GET", "/api/v1/consents", nil, &list)
		for _, one := range list.Wishes {
			if one.Purpose == "news" {
				w = one
			}
		}
		return w
	}
	send := func(subject string) {
		t.Helper()
		news := map[string]any{"texts": []map[string]string{{"locale": "en", "subject": subject, "body": "It is faster."}}}
		if got := w.call("POST", "/api/v1/instance/news", news, nil); got != 403 {
			t.Fatalf("an owner's key sends news: %d", got)
		}
		if got := op.ask("POST", "/api/v1/instance/news", news, nil); got.Status != 202 {
			t.Fatalf("%d %s", got.Status, got.raw)
		}
	}
	for _, email := range []string{ada, can} {
		x := wishes(email)
		if got := his[email].ask("PUT", "/api/v1/consents", map[string]any{"purpose": "news", "version": x.Version, "allowed": true}, nil); got.Status != 204 {
			t.Fatalf("%d %s", got.Status, got.raw)
		}
	}
	send("The first news")
	raw := w.letterTo(sim, ada, "The first news")
	w.letterTo(sim, can, "The first news")
	stop := header(raw, "List-Unsubscribe")
	at, err := url.Parse(strings.Trim(stop, "<>"))
	if err != nil || !strings.HasPrefix(at.Path, "/unsubscribe/") || header(raw, "List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Fatalf("%q %v", stop, err)
	}
	press := func(method string) {
		t.Helper()
		req, err := http.NewRequest(method, w.at+at.Path, strings.NewReader("List-Unsubscribe=One-Click"))
		w.must(err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := http.DefaultClient.Do(req)
		w.must(err)
		w.must(res.Body.Close())
		if res.StatusCode != 200 {
			t.Fatalf("%s answers %d", method, res.StatusCode)
		}
	}
	if press("GET"); !wishes(ada).Allowed {
		t.Fatal("opening the page, as mail programs do, ended it")
	}
	if press("POST"); wishes(ada).Allowed || !wishes(can).Allowed {
		t.Fatalf("one press: ada %v, can %v", wishes(ada), wishes(can))
	}
	send("The second news")
	w.letterTo(sim, can, "The second news") // made after ada's would have been, in one pass
	for email, want := range map[string]int{ada: 1, ben: 0, can: 2} {
		var mine struct {
			Items []struct{ Kind, Category string }
		}
		his[email].ask("GET", "/api/v1/my-letters", nil, &mine)
		n := 0
		for _, l := range mine.Items {
			if l.Kind == string(desk.LetterNews) && l.Category == string(desk.LetterOfNews) {
				n++
			}
		}
		if n != want {
			t.Errorf("%s was written news %d times, want %d: %+v", email, n, want, mine.Items)
		}
	}
}

// header is one line of a mail's head, put together again.
func header(raw, name string) string {
	head, _, _ := strings.Cut(raw, "\r\n\r\n")
	for line := range strings.SplitSeq(strings.ReplaceAll(head, "\r\n ", " "), "\r\n") {
		if key, value, ok := strings.Cut(line, ": "); ok && strings.EqualFold(key, name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
