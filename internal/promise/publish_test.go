package promise_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/promise"
	"parley/test/storetest"
)

func whole() promise.Profile {
	return promise.Profile{Name: "Northwind Ltd", Product: "Northwind Chat", Address: "1 Quay Street", Country: "Ireland", PrivacyMail: "privacy@northwind.test",
		Hosting: "Hetzner Online GmbH", Region: "Germany", Role: promise.ForOthers}
}

type install struct {
	*storetest.World
	*promise.Publisher
	on []promise.Recipient
}

func each(t *testing.T, run func(t *testing.T, in *install)) {
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		in := &install{World: w}
		var err error
		in.Publisher, err = promise.NewPublisher(promise.Parts{DB: w.DB, Clock: w.Clock, Audit: audit.NewLog(w.DB),
			Recipients: func(context.Context) ([]promise.Recipient, error) { return in.on, nil }})
		if err != nil {
			t.Fatal(err)
		}
		run(t, in)
	})
}

func operator() desk.Actor { return desk.Actor{Kind: desk.ByMember, ID: 7, Role: desk.RoleOperator} }

// covers H-02, A-25-01
func TestNothingIsPublishedForAnOperatorWhoHasNotSaidWhoTheyAre(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, in *install) {
		ctx := t.Context()
		for _, blank := range []string{"name", "product", "address", "country", "privacy_mail", "hosting", "region", "role"} {
			p := whole()
			switch blank {
			case "name":
				p.Name = " "
			case "product":
				p.Product = ""
			case "address":
				p.Address = "\u200b"
			case "country":
				p.Country = ""
			case "privacy_mail":
				p.PrivacyMail = ""
			case "hosting":
				p.Hosting = ""
			case "region":
				p.Region = ""
			case "role":
				p.Role = ""
			}
			if _, err := in.SetProfile(ctx, p, operator()); err != nil {
				t.Fatal(blank, err)
			}
			if _, err := in.Publish(ctx, promise.Draft{Reason: "first"}, operator()); desk.CodeOf(err) != desk.Invalid || !strings.Contains(err.Error(), blank) {
				t.Errorf("without %s: %v", blank, err)
			}
			if s, err := in.Show(ctx, "en"); err != nil || !slices.Equal(s.Missing, []string{blank}) || len(s.Sections) > 0 {
				t.Errorf("without %s the page shows %d chapters and misses %v (%v)", blank, len(s.Sections), s.Missing, err)
			}
		}
		for _, wrong := range []promise.Profile{{PrivacyMail: "nobody"}, {PrivacyMail: "A <a@b.test>"}, {Site: "http://plain.test"}, {Site: "javascript:alert(1)"}, {Role: "both"}} {
			if _, err := in.SetProfile(ctx, wrong, operator()); desk.CodeOf(err) != desk.Invalid {
				t.Errorf("%+v is taken: %v", wrong, err)
			}
		}
	})
}

// covers A-24-03, A-24-06, H-97
func TestVersionsAreKeptWordForWordAndAChangeThatMattersWaits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, in *install) {
		ctx := t.Context()
		if _, err := in.SetProfile(ctx, whole(), operator()); err != nil {
			t.Fatal(err)
		}
		first, err := in.Publish(ctx, promise.Draft{Reason: "first"}, operator())
		if err != nil || first.Number != 1 || !first.InForce || !strings.Contains(first.Body["en"], "[H-02] Northwind Chat is run by Northwind Ltd") ||
			!strings.Contains(first.Body["tr"], "Northwind Ltd işletir") {
			t.Fatalf("%+v %v", first, err)
		}
		if _, err := in.Publish(ctx, promise.Draft{Reason: "again"}, operator()); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("the same words are published twice: %v", err)
		}
		in.on = []promise.Recipient{{ID: "openai", Company: "OpenAI"}}
		s, err := in.Show(ctx, "en")
		if err != nil || s.Edition != nil || s.Since == nil || len(s.Changed) != 1 || s.Changed[0].Clause != "A-8.1-02" || s.Changed[0].Was != "" {
			t.Fatalf("what was switched on is not told as a change: %+v %v", s.Changed, err)
		}
		month := in.World.Clock.Now().Add(promise.Notice)
		for name, d := range map[string]promise.Draft{"29 days": {Material: true, Reason: "r", From: month.Add(-24 * time.Hour)}, "no reason": {Material: true},
			"a purpose that does not matter": {Reason: "r", Purpose: "meaning"}, "a purpose that cannot be held back": {Material: true, Reason: "r", Purpose: "p"}, "the past": {Reason: "r", From: in.World.Clock.Now().Add(-time.Hour)}} {
			if _, err := in.Publish(ctx, d, operator()); desk.CodeOf(err) != desk.Invalid {
				t.Errorf("%s is taken: %v", name, err)
			}
		}
		second, err := in.Publish(ctx, promise.Draft{Material: true, Reason: "a model"}, operator())
		if err != nil || second.Number != 2 || second.InForce || !second.EffectiveAt.Equal(month) {
			t.Fatalf("%+v %v", second, err)
		}
		in.Fake.Advance(promise.Notice - time.Second)
		if all, err := in.Editions(ctx); err != nil || len(all) != 2 || all[0].InForce || !all[1].InForce {
			t.Fatalf("a second before: %+v %v", all, err)
		}
		in.Fake.Advance(time.Second)
		if all, err := in.Editions(ctx); err != nil || !all[0].InForce || all[1].InForce || all[1].Body["en"] != first.Body["en"] {
			t.Fatalf("at its time: %+v %v", all, err)
		}
		if s, err := in.Show(ctx, "tr"); err != nil || s.Edition == nil || s.Edition.Number != 2 {
			t.Fatalf("the page does not know its version: %+v %v", s.Since, err)
		}
	})
}

func TestWhatIsOffOrNotBuiltIsNotPrinted(t *testing.T) {
	t.Parallel()
	r, err := promise.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "tr"} {
		for _, role := range []promise.Role{promise.OwnBusiness, promise.ForOthers} {
			p := whole()
			p.Role = role
			plain := promise.Plain(r.Print(lang, promise.Facts{Profile: p}))
			for _, c := range r.All() {
				printed := strings.Contains(plain, "["+c.ID) || strings.Contains(plain, " "+c.ID+"]") || strings.Contains(plain, " "+c.ID+" ")
				if printed && (!c.Built || c.Silent || c.When != "") {
					t.Errorf("%s is printed", c.ID)
				}
			}
			if strings.ContainsAny(plain, "{}") || strings.Contains(plain, "notice.span") || strings.Contains(plain, "policy.") {
				t.Error("a place is left open")
			}
			if strings.Contains(plain, "[A-19-01") == (role == promise.OwnBusiness) || strings.Contains(plain, "A-23.3-01") {
				t.Errorf("%s: an agreement or a representative that there is not", role)
			}
			if n := strings.Count(plain, "\n"); n < 200 {
				t.Errorf("%d lines", n)
			}
		}
	}
}

func TestDifferencesNameEachSentence(t *testing.T) {
	t.Parallel()
	older := "# A\n[A-1] one\n[A-2 A-3] two\n[A-4] three\n"
	newer := "# A\n[A-2 A-3] two!\n[A-4] three\n# B\n[A-5] four\n"
	want := []promise.Change{{Clause: "A-2", Was: "two", Is: "two!"}, {Clause: "A-5", Is: "four"}, {Clause: "A-1", Was: "one"}}
	if got := promise.Differences(older, newer); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := promise.Differences(older, older); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}
