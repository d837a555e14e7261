package api_test

import (
	"archive/zip"
	"context"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/flow"
	"parley/internal/store"
)

// working runs work until something holds after a commit, and stops it.
func (w *world) working(t *testing.T, handlers []flow.Handler, held func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	bell := make(chan struct{}, 1)
	defer w.DB.Watch(func(store.Commit) {
		select {
		case bell <- struct{}{}:
		default:
		}
	})()
	done := make(chan error, 1)
	go func() { done <- w.copies.Flow.Run(ctx, handlers, nil) }()
	for !held() {
		select {
		case <-bell:
		case <-ctx.Done():
			t.Fatal("it did not come true")
		}
	}
	stop()
	must(t, <-done)
}

// covers A-14.1-01, A-16.6-05: who keeps the business's privacy finds a person,
// has the copy made, and gives them a link that looking at does not use up and
// that gives the copy once.
func TestAPersonGetsTheirCopyByALinkThatWorksOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var found api.Page[api.FoundPerson]
		w.want(t, 200, ask{method: "POST", path: "/api/v1/privacy/find", body: `{"query":"` + w.a.contact.String() + `"}`, cookie: w.a.cookie}).into(t, &found)
		if len(found.Items) != 1 || found.Items[0].ID != w.a.contact || len(found.Items[0].Identities) == 0 {
			t.Fatalf("found %+v", found)
		}
		w.want(t, 422, ask{method: "POST", path: "/api/v1/privacy/find", body: `{"query":" "}`, cookie: w.a.cookie})
		own := "/api/v1/contacts/" + w.a.contact.String() + "/export"
		var one api.PersonCopy
		w.want(t, 202, ask{method: "POST", path: own, body: `{"language":"tr","hide":["x"]}`, cookie: w.a.cookie}).into(t, &one)
		at := own + "/" + one.ID.String()
		w.want(t, 409, ask{method: "POST", path: at + "/link", body: "{}", cookie: w.a.cookie})
		w.want(t, 404, ask{method: "POST", path: at + "/link", body: "{}", cookie: w.b.cookie})
		w.want(t, 404, ask{method: "GET", path: at + "/file", cookie: w.b.cookie})
		w.working(t, w.copies.Handlers(), func() bool {
			var all api.Page[api.PersonCopy]
			w.want(t, 200, ask{method: "GET", path: own, cookie: w.a.cookie}).into(t, &all)
			return len(all.Items) == 1 && all.Items[0].State == "ready"
		})
		var link api.CopyLink
		w.want(t, 200, ask{method: "POST", path: at + "/link", body: "{}", cookie: w.a.cookie}).into(t, &link)
		path, ok := strings.CutPrefix(link.URL, "http://parley.test")
		if !ok {
			t.Fatalf("the link is %s", link.URL)
		}
		for range 2 {
			g := w.want(t, 200, ask{method: "GET", path: path + "?l=tr"})
			if !strings.Contains(g.body, "Kopyayı indir") || strings.Contains(g.body, "<script") || !strings.Contains(g.header.Get("Content-Security-Policy"), "form-action 'self'") {
				t.Fatal(g.body)
			}
		}
		g := w.want(t, 200, ask{method: "POST", path: path})
		z, err := zip.NewReader(strings.NewReader(g.body), int64(len(g.body)))
		must(t, err)
		page, err := z.Open("index.html")
		must(t, err)
		body, err := io.ReadAll(page)
		if err != nil || !strings.Contains(string(body), w.a.canary) || strings.Contains(string(body), w.b.canary) {
			t.Errorf("%s, %v", body, err)
		}
		w.want(t, 404, ask{method: "POST", path: path})
		w.want(t, 404, ask{method: "GET", path: path})
		if g := w.want(t, 200, ask{method: "GET", path: at + "/file", cookie: w.a.cookie}); g.header.Get("Content-Type") != "application/zip" {
			t.Error("a member does not get the file")
		}
		w.getsByCase(t, own)
	})
}

// getsByCase: a copy answers a request for one, and waits for the person on the
// page of their request, which nobody else has.
func (w *world) getsByCase(t *testing.T, own string) {
	t.Helper()
	var c api.WholeCase
	w.want(t, 201, ask{method: "POST", path: "/api/v1/privacy/cases", body: `{"kind":"access","contact_id":"` + w.a.contact.String() + `"}`, cookie: w.a.cookie}).into(t, &c)
	at := "/api/v1/privacy/cases/" + c.ID.String()
	w.want(t, 409, ask{method: "POST", path: own, body: `{"case_id":"` + c.ID.String() + `"}`, cookie: w.a.cookie})
	w.want(t, 200, ask{method: "POST", path: at + "/prove", body: `{"text":"came by"}`, cookie: w.a.cookie})
	w.want(t, 202, ask{method: "POST", path: own, body: `{"case_id":"` + c.ID.String() + `"}`, cookie: w.a.cookie})
	w.working(t, w.copies.Handlers(), func() bool {
		w.want(t, 200, ask{method: "GET", path: at, cookie: w.a.cookie}).into(t, &c)
		return c.Person.Done
	})
	w.says(t, c.Address+"?l=en", nil, []string{"Get my copy"})
	w.fill(t, 200, c.Address, url.Values{"act": {"copy"}}) // not answered: the page again
	w.want(t, 200, ask{method: "POST", path: at + "/decide", body: `{"decision":"answered"}`, cookie: w.a.cookie})
	w.says(t, c.Address+"?l=en", []string{"Get my copy"}, nil)
	w.fill(t, 404, "/privacy/status/"+strings.Repeat("A", 54), url.Values{"act": {"copy"}})
	if g := w.fill(t, 200, c.Address, url.Values{"act": {"copy"}}); g.header.Get("Content-Type") != "application/zip" {
		t.Error("the person does not get the file")
	}
	w.says(t, c.Address+"?l=en", nil, []string{"Get my copy"})

	// Who was told is a list of its own; a copy that nobody fetched is evidence no
	// more once it is destroyed.
	if g := w.want(t, 200, ask{method: "GET", path: "/api/v1/contacts/" + w.a.contact.String() + "/disclosures", cookie: w.a.cookie}); !strings.Contains(g.body, `"way":"copy"`) {
		t.Errorf("told: %s", g.body)
	}
	w.want(t, 404, ask{method: "GET", path: "/api/v1/contacts/" + w.a.contact.String() + "/disclosures", cookie: w.b.cookie})
	w.want(t, 201, ask{method: "POST", path: "/api/v1/privacy/cases", body: `{"kind":"know","contact_id":"` + w.a.contact.String() + `"}`, cookie: w.a.cookie}).into(t, &c)
	at = "/api/v1/privacy/cases/" + c.ID.String()
	w.want(t, 200, ask{method: "POST", path: at + "/prove", body: `{"text":"came by"}`, cookie: w.a.cookie})
	w.want(t, 409, ask{method: "POST", path: own, body: `{"case_id":"` + c.ID.String() + `"}`, cookie: w.a.cookie}) // a copy is no report
	var one api.PersonCopy
	w.want(t, 202, ask{method: "POST", path: own, body: `{"report":true,"case_id":"` + c.ID.String() + `"}`, cookie: w.a.cookie}).into(t, &one)
	w.working(t, w.copies.Handlers(), func() bool {
		w.want(t, 200, ask{method: "GET", path: at, cookie: w.a.cookie}).into(t, &c)
		return c.Person.Done
	})
	g := w.want(t, 200, ask{method: "GET", path: own + "/" + one.ID.String() + "/file", cookie: w.a.cookie})
	z, err := zip.NewReader(strings.NewReader(g.body), int64(len(g.body)))
	must(t, err)
	page, err := z.Open("index.html")
	must(t, err)
	body, err := io.ReadAll(page)
	if err != nil || len(z.File) != 3 || strings.Contains(string(body), w.a.canary) || strings.Contains(string(body), "{business}") || !strings.Contains(string(body), "a copy like this one") {
		t.Errorf("the report is %s, %v", body, err)
	}
	w.want(t, 404, ask{method: "DELETE", path: own + "/" + one.ID.String(), cookie: w.b.cookie})
	w.want(t, 204, ask{method: "DELETE", path: own + "/" + one.ID.String(), cookie: w.a.cookie})
	w.want(t, 404, ask{method: "DELETE", path: own + "/" + one.ID.String(), cookie: w.a.cookie})
	w.want(t, 200, ask{method: "GET", path: at, cookie: w.a.cookie}).into(t, &c)
	if c.Person.Done {
		t.Error("a copy that was destroyed is evidence still")
	}
}
