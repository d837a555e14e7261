package api_test

import (
	"strings"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/store"
)

// operator is a member of a workspace of their own, which only the command line
// makes one.
func (w *world) operator(t *testing.T) (ask, desk.Workspace) {
	t.Helper()
	ws, m, err := w.members.Add(t.Context(), "Instance", member.Person{Name: "Op", Email: "op@instance.test", Role: desk.RoleOperator, Password: password})
	must(t, err)
	return ask{cookie: w.enter(t, m.Email)}, ws
}

// colleague is an agent who has no second factor.
func (w *world) colleague(t *testing.T, workspace, email string) desk.ID {
	t.Helper()
	_, m, err := w.members.Add(t.Context(), workspace, member.Person{Name: "Second", Email: email, Role: desk.RoleAgent, Password: password})
	must(t, err)
	return m.ID
}

func (a ask) at(method, path, body string) ask {
	a.method, a.path, a.body = method, path, body
	return a
}

// A workspace is suspended with a reason that its members read; nothing works in
// it but that page, an appeal and ways out; both chains tell of it; an appeal that
// is granted ends it. The operator sees counts, never a text.
// covers A-4.3-04, A-4.3-06
func TestASuspensionHasAReasonAnAppealAndAnEnd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		op, home := w.operator(t)
		owner := ask{cookie: w.a.cookie}
		var seen api.Page[api.InstanceWorkspace]
		g := w.want(t, 200, op.at("GET", "/api/v1/instance/workspaces", ""))
		g.into(t, &seen)
		if len(seen.Items) != 3 || seen.Items[0].Conversations != 1 || seen.Items[0].Members != 2 || strings.Contains(g.body, "canary") {
			t.Fatalf("the operator sees %s", g.body)
		}
		at := "/api/v1/instance/workspaces/" + w.a.ws.ID.String()
		w.want(t, 422, op.at("POST", at+"/suspend", `{"reason":" \u200b "}`))
		w.want(t, 409, op.at("POST", "/api/v1/instance/workspaces/"+home.ID.String()+"/suspend", `{"reason":"r"}`))
		w.want(t, 404, op.at("POST", "/api/v1/instance/workspaces/4711/suspend", `{"reason":"r"}`))
		w.want(t, 403, owner.at("POST", at+"/suspend", `{"reason":"r"}`))
		w.want(t, 409, owner.at("POST", "/api/v1/suspension/appeals", `{"text":"why?"}`))
		w.want(t, 200, op.at("POST", at+"/suspend", `{"reason":"spam to strangers"}`))
		w.want(t, 409, op.at("POST", at+"/suspend", `{"reason":"again"}`))

		if g := w.want(t, 403, owner.at("GET", "/api/v1/conversations", "")); g.problem(t).Code != "workspace_suspended" {
			t.Fatalf("%s", g.body)
		}
		w.want(t, 403, ask{key: w.a.key}.at("GET", "/api/v1/conversations", ""))
		w.want(t, 200, ask{cookie: w.b.cookie}.at("GET", "/api/v1/conversations", ""))
		var me api.Me
		w.want(t, 200, owner.at("GET", "/api/v1/session", "")).into(t, &me)
		var s api.Suspension
		w.want(t, 200, owner.at("GET", "/api/v1/suspension", "")).into(t, &s)
		if !me.Workspace.Suspended || !s.Suspended || s.Reason != "spam to strangers" || !s.MayAppeal {
			t.Fatalf("%+v %+v", me.Workspace, s)
		}
		w.want(t, 201, owner.at("POST", "/api/v1/suspension/appeals", `{"text":"they asked for it"}`)).into(t, &s)
		if g := w.want(t, 409, owner.at("POST", "/api/v1/suspension/appeals", `{"text":"and again"}`)); g.problem(t).Code != "appeal_open" {
			t.Fatalf("%s", g.body)
		}
		decide := at + "/appeals/" + s.Appeals[0].ID.String() + "/decide"
		w.want(t, 404, op.at("POST", "/api/v1/instance/workspaces/"+w.b.ws.ID.String()+"/appeals/"+s.Appeals[0].ID.String()+"/decide", `{"granted":true,"reason":"r"}`))
		w.want(t, 200, op.at("POST", decide, `{"granted":false,"reason":"no proof"}`))
		w.want(t, 404, op.at("POST", decide, `{"granted":true,"reason":"twice"}`))
		w.want(t, 403, owner.at("GET", "/api/v1/conversations", ""))
		w.want(t, 201, owner.at("POST", "/api/v1/suspension/appeals", `{"text":"here is the proof"}`)).into(t, &s)
		if len(s.Appeals) != 2 || s.Appeals[1].Answer != "no proof" || s.Appeals[1].State != "refused" {
			t.Fatalf("%+v", s.Appeals)
		}
		var opened api.OpenedWorkspace
		w.want(t, 200, op.at("POST", at+"/appeals/"+s.Appeals[0].ID.String()+"/decide", `{"granted":true,"reason":"thank you"}`)).into(t, &opened)
		if opened.Suspended || opened.Suspensions[0].LiftedWhy != "thank you" {
			t.Fatalf("%+v", opened)
		}
		w.want(t, 200, owner.at("GET", "/api/v1/conversations", ""))
		g = w.want(t, 200, op.at("POST", at+"/open", `{"reason":"looking after the lift"}`))
		if strings.Contains(g.body, "canary") {
			t.Fatalf("the operator reads %s", g.body)
		}
	})
}

// What the operator did stands with its reason where the owner reads it, and in
// the operator's own workspace.
func TestWhatTheOperatorDoesIsRecordedInBothChains(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		op, home := w.operator(t)
		at := "/api/v1/instance/workspaces/" + w.a.ws.ID.String()
		w.want(t, 200, op.at("POST", at+"/open", `{"reason":"a complaint came in"}`))
		var record api.Page[api.AuditEntry]
		w.want(t, 200, ask{cookie: w.a.cookie}.at("GET", "/api/v1/audit?limit=5", "")).into(t, &record)
		if e := record.Items[0]; e.Action != "workspace.open" || e.Reason != "a complaint came in" || !strings.HasPrefix(e.Actor, "operator ") {
			t.Fatalf("the owner reads %+v", e)
		}
		lines, err := w.api.Audit.List(t.Context(), home.ID, 0, 5)
		if err != nil || len(lines) == 0 || lines[0].Action != "workspace.open" || lines[0].Reason != "a complaint came in" || lines[0].Object.ID != int64(w.a.ws.ID) {
			t.Fatalf("the instance's chain: %+v, %v", lines, err)
		}
	})
}

// A stream of a suspended workspace ends within five seconds, like one of a
// revoked sign-in and of a member who was switched off.
// asvs: V7.4.1, V7.4.2
func TestAStreamEndsWithinFiveSecondsOfWhatEndsIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		op, _ := w.operator(t)
		agent := "second@canary-beta.test"
		colleague := w.colleague(t, "Beta", agent)
		inside := func() ask { return ask{cookie: w.enter(t, agent)} }
		for name, c := range map[string]struct {
			who func() ask
			end func()
		}{
			"end all others": {inside, func() { w.want(t, 204, inside().at("DELETE", "/api/v1/sessions", "")) }},
			"the owner ends them": {inside, func() {
				w.want(t, 204, ask{cookie: w.b.cookie}.at("DELETE", "/api/v1/members/"+colleague.String()+"/sessions", ""))
			}},
			"the workspace is suspended": {func() ask { return ask{key: w.a.key} }, func() {
				w.want(t, 200, op.at("POST", "/api/v1/instance/workspaces/"+w.a.ws.ID.String()+"/suspend", `{"reason":"r"}`))
			}},
		} {
			l := w.listen(t, c.who())
			l.next(t)
			c.end()
			over := func() bool {
				for {
					select {
					case _, open := <-l.frames:
						if !open {
							return true
						}
					default:
						return false
					}
				}
			}
			// Five seconds of the clock, no more: on a busy machine the server needs
			// longer than that to see them.
			w.tickWhile(t, 5, func() bool { return !over() })
			for end := time.After(patience); !over(); {
				select {
				case <-end:
					t.Fatalf("%s: it goes on after five seconds", name)
				default:
					w.want(t, 200, ask{method: "GET", path: "/healthz"})
				}
			}
		}
	})
}

// asvs: V7.5.1, V7.5.2
func TestSignInsShowTheirNetworkAndOthersEndTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		colleague := w.colleague(t, "Alpha", "second@canary-alpha.test")
		in := signInOf("second@canary-alpha.test")
		in.Address, in.UserAgent = "203.0.113.77", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
		here, err := w.members.SignIn(t.Context(), in)
		must(t, err)
		in.Address = "2001:db8:77:1::/64"
		_, err = w.members.SignIn(t.Context(), in)
		must(t, err)
		me := ask{cookie: here.Token}
		var all api.Page[api.Device]
		w.want(t, 200, me.at("GET", "/api/v1/sessions", "")).into(t, &all)
		if len(all.Items) != 2 || all.Items[0].Network != "203.0.113.0/24" || all.Items[1].Network != "2001:db8:77::/48" || !all.Items[0].Current || all.Items[0].Device != "Firefox on Linux" {
			t.Fatalf("%+v", all.Items)
		}
		w.want(t, 404, me.at("DELETE", "/api/v1/sessions/"+w.a.session.String(), "")) // the owner's
		w.want(t, 403, me.at("GET", "/api/v1/members/"+w.a.owner.ID.String()+"/sessions", ""))
		w.want(t, 204, me.at("DELETE", "/api/v1/sessions", ""))
		w.want(t, 200, me.at("GET", "/api/v1/sessions", "")).into(t, &all)
		if len(all.Items) != 1 || !all.Items[0].Current {
			t.Fatalf("%+v", all.Items)
		}
		w.want(t, 200, ask{cookie: w.a.cookie}.at("GET", "/api/v1/members/"+colleague.String()+"/sessions", "")).into(t, &all)
		if len(all.Items) != 1 || all.Items[0].Current {
			t.Fatalf("%+v", all.Items)
		}
		w.want(t, 204, ask{cookie: w.a.cookie}.at("DELETE", "/api/v1/members/"+colleague.String()+"/sessions", ""))
		w.want(t, 401, me.at("GET", "/api/v1/session", ""))
	})
}

// An admin neither looks at an owner's sign-ins nor ends them.
func TestSecurityShowsWhatIsOpenAndWeak(t *testing.T) {
	t.Parallel()
	w := one(t)
	sys := desk.Actor{Kind: desk.BySystem}
	admin, err := w.members.AddKey(t.Context(), w.a.ws.ID, member.KeyWish{Name: "soon", Role: desk.RoleAdmin, Term: 20 * 24 * time.Hour}, sys)
	must(t, err)
	w.want(t, 403, ask{key: admin.Token}.at("GET", "/api/v1/members/"+w.a.owner.ID.String()+"/sessions", ""))
	w.want(t, 403, ask{key: admin.Token}.at("DELETE", "/api/v1/members/"+w.a.owner.ID.String()+"/sessions", ""))
	_, err = w.members.AddKey(t.Context(), w.a.ws.ID, member.KeyWish{Name: "over", Role: desk.RoleAgent, Term: 24 * time.Hour}, sys)
	must(t, err)
	_, err = w.members.AddKey(t.Context(), w.a.ws.ID, member.KeyWish{Name: "idle", Role: desk.RoleAgent}, sys)
	must(t, err)
	must(t, w.DB.In(w.a.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ChangeAccount(w.a.channel, func(a *desk.Account) error {
			a.Settings = []byte(`{"domains":["https://shop.test","https://*"]}`)
			return nil
		})
		return err
	}))
	w.Fake.Jump(8 * 24 * time.Hour)
	var s api.Security
	w.want(t, 200, ask{key: admin.Token}.at("GET", "/api/v1/security", "")).into(t, &s)
	names := func(all []api.Named) (out []string) {
		for _, n := range all {
			out = append(out, n.Name)
		}
		return out
	}
	got := strings.Join([]string{strings.Join(names(s.Keys.Expired), ","), strings.Join(names(s.Keys.Expiring), ","), strings.Join(names(s.Keys.Unused), ",")}, "|")
	if got != "over|soon|"+w.a.canary+" key,idle" || s.HTTPS || s.Mail || s.Owners != 1 || s.Members != 2 || len(s.Widgets) != 1 || s.Widgets[0].Domain != "https://*" {
		t.Fatalf("%s %+v", got, s)
	}
}
