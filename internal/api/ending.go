package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/notify"
	"parley/internal/privacy"
	"parley/internal/store"
)

// Closing is how far the deletion of a workspace came.
type Closing struct {
	Closed       bool      `json:"closed" doc:"An owner asked for its deletion: nobody works in it and its AI is stopped"`
	ClosedAt     moment    `json:"closed_at"`
	RecoverUntil moment    `json:"recover_until" doc:"An owner can take it back before"`
	EndsBy       moment    `json:"ends_by" doc:"By then nothing is left but what the certificate names"`
	MayReopen    bool      `json:"may_reopen"`
	Certificate  string    `json:"certificate" doc:"For owners: the address at which the certificate will be; whoever has it reads it"`
	Goes         []Counted `json:"goes" nullable:"false" doc:"For owners: what goes, counted"`
	Held         int       `json:"held" doc:"For owners: people whom a legal hold keeps until it is released"`
}

type closeWorkspaceBody struct {
	Body struct {
		Workspace string `json:"workspace" maxLength:"200" doc:"The workspace's name, typed to show that it is meant"`
	}
}

func endingRoutes(a *API) {
	const path = "/api/v1/workspace/closing"
	declare(a, Route{ID: "get-closing", Held: true, Method: http.MethodGet, Path: path, Needs: SignedIn,
		Tag: "workspace", Summary: "Whether this workspace is to be deleted, until when it can be taken back, and what goes"},
		func(ctx context.Context, c *call, _ *nothing) (*given[Closing], error) {
			return reply(a.closing(ctx, c))
		})
	declare(a, Route{ID: "close-workspace", Method: http.MethodPost, Path: path, Needs: Need(desk.WriteAdmins), Fresh: true,
		Tag: "workspace", Summary: "Close the workspace and delete it after 29 days; until then an owner can take it back"},
		func(ctx context.Context, c *call, in *closeWorkspaceBody) (*given[Closing], error) {
			if in.Body.Workspace != c.Workspace.Name {
				return nil, pointing(desk.Fail(desk.Invalid, "name_differs", "type the workspace's name as it is written"), map[string]string{"name_differs": "workspace"})
			}
			if err := onlyMembers(c); err != nil {
				return nil, err
			}
			if err := a.Ending.Close(ctx, c.Workspace.ID, c.Actor); err != nil {
				return nil, err
			}
			return reply(a.closing(ctx, c))
		})
	declare(a, Route{ID: "reopen-workspace", Held: true, Method: http.MethodPost, Path: path + "/reopen", Needs: Need(desk.WriteAdmins),
		Tag: "workspace", Summary: "Take a closed workspace back: its channels listen again, and everything is as it was"},
		func(ctx context.Context, c *call, _ *nothing) (*given[Closing], error) {
			if err := onlyMembers(c); err != nil {
				return nil, err
			}
			if err := a.Ending.Reopen(ctx, c.Workspace.ID, c.Actor); err != nil {
				return nil, err
			}
			return reply(a.closing(ctx, c))
		})
	a.open(Route{ID: "export-workspace", Held: true, Hidden: true, Method: http.MethodGet, Path: "/api/v1/workspace/export", Needs: Need(desk.WriteAdmins), Fresh: true,
		Tag: "workspace", Summary: "All that the workspace holds, in a form that any program reads"}, a.exportWorkspace)
	declare(a, Route{ID: "release-holds", Method: http.MethodPost, Path: "/api/v1/instance/workspaces/{id}/release-holds", Needs: Need(desk.SuspendWorkspaces), Fresh: true,
		Status: http.StatusNoContent, Tag: "instance", Summary: "Release the legal holds of a workspace that has ended but for whom they keep"}, a.releaseHolds)
	a.open(Route{ID: "ended-workspace", Method: http.MethodGet, Path: notify.EndedPath + "{code}", Needs: Public, Hidden: true, Tag: "site",
		Summary: "What became of a workspace whose deletion was asked for"}, a.endedPage)
	a.open(Route{ID: "ended-certificate", Method: http.MethodGet, Path: notify.EndedPath + "{code}/certificate.json", Needs: Public, Hidden: true, Tag: "site",
		Summary: "The signed certificate of a workspace's deletion"}, a.endedCertificate)
}

// exportWorkspace hands all of a workspace to an owner who is signed in: also of
// one that is suspended or closed, because it is theirs.
func (a *API) exportWorkspace(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	if err := onlyMembers(c); err != nil {
		a.fail(w, r, c, err)
		return
	}
	file, done, err := a.Port.Take(r.Context(), c.Workspace.ID, c.Actor)
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	defer func() { _ = done() }() // read only
	defer a.unhurried(w, file.Size())()
	a.serveArchive(w, r, "workspace.zip", file)
}

// onlyMembers: a business is closed by a person, not by a key that somebody left
// in a script.
func onlyMembers(c *call) error {
	if c.Session == 0 {
		return desk.Fail(desk.Forbidden, "members_only", "an owner does this, signed in; a key cannot")
	}
	return nil
}

func (a *API) closing(ctx context.Context, c *call) (Closing, error) {
	w, err := a.Store.WorkspaceByID(ctx, c.Workspace.ID)
	out := Closing{Closed: w.Closed(), Goes: []Counted{}}
	if w.Closed() {
		out.ClosedAt, out.RecoverUntil, out.EndsBy = moment(w.ClosedAt), moment(w.ClosedAt.Add(desk.RecoverTerm)), moment(w.ClosedAt.Add(desk.EndTerm))
		out.MayReopen = w.Recoverable(a.Clock.Now()) && c.may(desk.WriteAdmins) && c.Session != 0
	}
	if err != nil || !c.may(desk.WriteAdmins) {
		return out, err
	}
	look, err := a.Ending.Look(ctx, w.ID)
	out.Goes, out.Held = counted(c.locale, "ended.goes.", look.Goes), look.Held
	if look.Code != "" {
		out.Certificate = a.home(c) + notify.EndedPath + look.Code
	}
	return out, err
}

// releaseHolds records the reason where the operator's own acts are: in a
// workspace that has ended nobody is left to read it.
func (a *API) releaseHolds(ctx context.Context, c *call, in *reasonBody) (*nothing, error) {
	note := audit.Note{Action: "workspace.release_holds", Actor: c.Actor, Object: audit.Thing{Kind: "workspace", ID: int64(in.id())}, Reason: in.Body.Reason, Subject: c.Actor.ID}
	if _, err := a.Ending.Release(ctx, in.id(), desk.Actor{Kind: desk.ByOperator, ID: c.Actor.ID}); err != nil {
		return nil, err
	}
	return nil, c.ws.Write(ctx, func(tx *store.Tx) error { return a.Audit.Put(tx, note) })
}

// endedPage is /privacy/ended/{code}: what became of a workspace, for whoever has
// the address.
type endedPage struct {
	sheet
	State                string
	Asked, Until, Finish pageTime
	Ended, Waiting       bool
	Goes                 []string
	Stays                []stays
	File, Number         string
	Rows                 string
}

// stays is an exception in words.
type stays struct {
	What, Why, Until string
}

func (a *API) endedPage(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	p := &endedPage{sheet: newSheet(c, r, "ended.")}
	found, err := a.foundEnd(r)
	if p.Missing = desk.IsNotFound(err); err != nil && !p.Missing {
		a.fail(w, r, c, err)
		return
	}
	if !p.Missing {
		p.fill(found, r.PathValue("code"))
	}
	a.showSheet(w, r, p.sheet, "ended.html", p)
}

func (a *API) foundEnd(r *http.Request) (privacy.Ended, error) {
	if code := r.PathValue("code"); codeForm(code) {
		return a.Ending.Find(r.Context(), code)
	}
	return privacy.Ended{}, desk.Fail(desk.NotFound, "workspace_not_found", "there is no such workspace")
}

func (p *endedPage) fill(e privacy.Ended, code string) {
	f := e.Facts
	p.Asked = pageTimeOf(e.ClosedAt)
	switch {
	case !f.EndedAt.IsZero():
		p.State, p.Ended, p.Finish = p.T("state.ended"), true, pageTimeOf(f.EndedAt)
	case f.Number > 0:
		p.State, p.Finish = p.T("state.going"), pageTimeOf(e.ClosedAt.Add(desk.EndTerm))
		return
	default:
		p.State, p.Waiting, p.Until, p.Finish = p.T("state.waiting"), true, pageTimeOf(e.Until), pageTimeOf(e.ClosedAt.Add(desk.EndTerm))
		return
	}
	p.args["rows"], p.args["tables"], p.args["keys"] = number(f.Rows), number(int64(f.Tables)), number(f.Keys)
	p.Rows, p.Number, p.File = p.T("rows"), number(f.Number), notify.EndedPath+code+"/certificate.json"
	for _, one := range counted(p.Lang, "ended.goes.", f.Deleted) {
		p.Goes = append(p.Goes, one.Words)
	}
	for _, x := range f.Exceptions {
		s := stays{What: i18n.T(p.Lang, "ended.what."+x.What, map[string]string{"n": number(x.Count)}), Why: p.T("why." + x.Why), Until: p.T("until." + x.What)}
		if !x.Until.IsZero() {
			s.Until = x.Until.UTC().Format(time.DateOnly)
		}
		p.Stays = append(p.Stays, s)
	}
}

func (a *API) endedCertificate(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	found, err := a.foundEnd(r)
	if err == nil && len(found.Proof) == 0 {
		err = desk.Fail(desk.NotFound, "certificate_not_found", "the certificate is signed once everything is gone")
	}
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="certificate.json"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(found.Proof) // nobody is left to tell
}
