package api_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/member"
)

// accessPage is what the matrix below saw, cell by cell.
const accessPage = "../../docs/access.md"

// caller is one role, as a member and as a key.
type caller struct {
	role   desk.Role
	email  string
	member ask
	key    ask // the zero ask for the operator: no key is one
}

func callers(t *testing.T, w *world) []caller {
	t.Helper()
	var all []caller
	for _, role := range desk.Roles() {
		c := caller{role: role, email: "matrix-" + string(role) + "@canary-alpha.test"}
		_, _, err := w.members.Add(t.Context(), "Alpha", member.Person{Name: string(role), Email: c.email, Role: role, Password: password})
		must(t, err)
		c.member = ask{cookie: w.enter(t, c.email)}
		if role != desk.RoleOperator {
			k, err := w.members.AddKey(t.Context(), w.a.ws.ID, member.KeyWish{Name: string(role), Role: role}, desk.Actor{Kind: desk.BySystem})
			must(t, err)
			c.key = ask{key: k.Token}
		}
		all = append(all, c)
	}
	return all
}

func (w *world) enter(t *testing.T, email string) string {
	t.Helper()
	s, err := w.members.SignIn(t.Context(), signInOf(email))
	must(t, err)
	return s.Token
}

// Every role, as member and as key, on every operation, with the things of its
// own workspace and of another: the answer is "permission" exactly where the role
// lacks it, another workspace's things are absent, and none of its words come
// back. What was seen is the committed table. A DELETE that is allowed is asked
// for another workspace's thing alone, so that no cell takes away what the next
// one needs.
// covers H-48, H-49
// asvs: V8.1.1, V8.2.1, V8.2.2, V8.3.1, V8.4.1
func TestAccessIsTheCommittedTable(t *testing.T) {
	t.Parallel()
	w := one(t)
	w.stocked(t, w.a)
	w.stocked(t, w.b)
	all := callers(t, w)
	var lines []string
	for _, r := range mine(w) {
		if r.Needs == api.Public || r.Method == "" {
			continue
		}
		w.Fake.Jump(time.Second) // nobody's pace is what is looked at here
		cells := ""
		for _, c := range all {
			may := w.cell(t, r, c, c.member)
			if c.key.key != "" && w.cell(t, r, c, c.key) != may {
				t.Errorf("%s: a %s and a key of one differ", r.ID, c.role)
			}
			if want := r.Needs == api.SignedIn || desk.Can(c.role, desk.Permission(r.Needs)); may != want {
				t.Errorf("%s on %s (%s): %v", c.role, r.ID, r.Needs, may)
			}
			cells += " " + map[bool]string{true: "yes", false: "-"}[may] + " |"
		}
		lines = append(lines, fmt.Sprintf("| `%s %s` | %s | %s | %s |%s", r.Method, r.Path, r.Needs, r.Object(), marksOf(r), cells))
	}
	page := accessIntro + strings.Join(lines, "\n") + "\n" + permissionTable()
	if *update {
		must(t, os.WriteFile(accessPage, []byte(page), 0o644))
	}
	want, err := os.ReadFile(accessPage)
	must(t, err)
	if string(want) != page {
		was, is := strings.Split(string(want), "\n"), strings.Split(page, "\n")
		for i := range max(len(was), len(is)) {
			if i >= len(was) || i >= len(is) || was[i] != is[i] {
				t.Errorf("line %d of %d, committed %d: %q, committed %q", i+1, len(is), len(was), is[min(i, len(is)-1)], was[min(i, len(was)-1)])
				if i < min(len(was), len(is)) && len(was) == len(is) {
					continue
				}
				break // what follows is the same, moved
			}
		}
		t.Fatal("docs/access.md is not what the routes do; look at the change, then run: go test ./internal/api -run CommittedTable -update")
	}
}

// cell asks a route as somebody and says whether it is open to them.
func (w *world) cell(t *testing.T, r api.Route, c caller, as ask) (may bool) {
	t.Helper()
	if r.ID == "sign-out" && as.cookie != "" {
		as.cookie = w.enter(t, c.email) // a sign-in of its own
	}
	drops := (r.Method == http.MethodDelete || r.ID == "give-ownership") && strings.Contains(r.Path, "{")
	if !drops {
		may = w.opens(t, r, as, w.a)
	}
	if !strings.Contains(r.Path, "{id}") {
		return may || drops && w.opens(t, r, as, w.a)
	}
	as.method, as.path, as.body = r.Method, path(r, w.b), body(r, w.b)
	g := w.do(t, as)
	foreign := !(g.status == 403 && g.problem(t).Code == "permission")
	if drops {
		may = foreign
	}
	switch {
	case strings.Contains(g.body, w.b.canary):
		t.Errorf("%s by %s shows another workspace: %.200s", r.ID, c.role, g.body)
	case foreign != may:
		t.Errorf("%s by %s: own %v, another's %v", r.ID, c.role, may, foreign)
	case r.Object() != api.ObjectInstance && g.status < 400:
		t.Errorf("%s by %s reaches another workspace's thing: %d", r.ID, c.role, g.status)
	case r.Object() == api.ObjectInstance && may && g.status >= 500:
		t.Errorf("%s by %s: %d %.200s", r.ID, c.role, g.status, g.body)
	}
	return may
}

func (w *world) opens(t *testing.T, r api.Route, as ask, s *shop) bool {
	t.Helper()
	as.method, as.path, as.body = r.Method, path(r, s), body(r, s)
	g := w.do(t, as)
	if g.status >= 500 {
		t.Errorf("%s: %d %.200s", r.ID, g.status, g.body)
	}
	return !(g.status == 403 && g.problem(t).Code == "permission")
}

func marksOf(r api.Route) string {
	var all []string
	if r.Fresh {
		all = append(all, "proof")
	}
	if r.Held {
		all = append(all, "suspended")
	}
	if r.Early != desk.StepIn {
		all = append(all, "early")
	}
	return strings.Join(all, ", ")
}

const accessIntro = `# Who may do what

Generated by ` + "`go test ./internal/api -run CommittedTable -update`" + `, which asks the program for every cell, as a member and as an API key of the role; do not edit.

Object: ` + "`workspace`" + ` = things of the caller's workspace, others' are absent (404) · ` + "`self`" + ` = the caller's own, and what holds for every member · ` + "`instance`" + ` = names, counts and suspensions of every workspace, never a text.
Marks: *proof* = only with a proof of the last ten minutes (keys need none) · *suspended* = works while the operator suspended the workspace · *early* = works before a second factor is shown.

| operation | permission | object | marks | owner | admin | agent | analyst | billing | privacy | operator |
|---|---|---|---|---|---|---|---|---|---|---|
`

// permissionTable lists what each role holds; these are the scopes of keys.
func permissionTable() string {
	b := "\n## Permissions, which are the scopes of keys too\n\n| permission |"
	for _, r := range desk.Roles() {
		b += " " + string(r) + " |"
	}
	b += "\n|---|" + strings.Repeat("---|", len(desk.Roles())) + "\n"
	for _, p := range desk.AllPermissions() {
		b += "| " + string(p) + " |"
		for _, r := range desk.Roles() {
			b += " " + map[bool]string{true: "yes", false: "-"}[desk.Can(r, p)] + " |"
		}
		b += "\n"
	}
	return b
}
