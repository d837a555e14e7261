package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/desk"
)

const ownFacePath = "/api/v1/session/picture"

// facePath is where a member's picture is; "" = they have none.
func facePath(m desk.Member) string {
	if !m.Picture {
		return ""
	}
	return "/api/v1/members/" + m.ID.String() + "/picture"
}

type faceBody struct {
	Body struct {
		Shown bool `json:"shown" doc:"false deletes it, and none is read again"`
	}
}

func faceRoutes(a *API) {
	whose := func(own bool) func(r *http.Request) desk.ID {
		return func(r *http.Request) desk.ID {
			if own {
				return calling(r.Context()).Actor.ID
			}
			return rowID(r.PathValue("id"))
		}
	}
	a.face(Route{ID: "member-picture", Method: http.MethodGet, Path: "/api/v1/members/{id}/picture", Needs: Need(desk.ReadMembers),
		Tag: "members", Summary: "The picture of a member"}, whose(false))
	a.face(Route{ID: "my-picture", Method: http.MethodGet, Path: ownFacePath, Needs: SignedIn, Tag: "session", Summary: "My own picture"}, whose(true))
	declare(a, Route{ID: "show-my-picture", Method: http.MethodPut, Path: ownFacePath, Needs: SignedIn, Status: http.StatusNoContent,
		Tag: "session", Summary: "Whether the picture of my account outside is read when I sign in by it, and shown to colleagues"},
		func(ctx context.Context, c *call, in *faceBody) (*nothing, error) {
			if c.Session == 0 {
				return nil, errNoMember()
			}
			return nil, a.Members.ShowFace(ctx, c.Who, in.Body.Shown)
		})
}

// face opens a route whose answer is a picture, and describes it: huma would hold
// the answer for JSON.
func (a *API) face(r Route, whose func(*http.Request) desk.ID) {
	a.open(r, func(w http.ResponseWriter, req *http.Request) { a.serveFace(w, req, whose(req)) })
	var params []*huma.Param
	if strings.Contains(r.Path, "{id}") {
		params = []*huma.Param{{Name: "id", In: "path", Required: true, Description: "Id", Schema: &huma.Schema{Type: huma.TypeString}}}
	}
	a.huma.OpenAPI().AddOperation(&huma.Operation{OperationID: r.ID, Method: r.Method, Path: r.Path, Tags: []string{r.Tag},
		Summary: r.Summary, Extensions: map[string]any{"x-needs": string(r.Needs)}, Security: []map[string][]string{{"cookie": {}}, {"bearer": {}}}, Parameters: params,
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
			"image/*": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}})
}

// serveFace answers with a picture that was drawn by us, as nothing but a picture.
func (a *API) serveFace(w http.ResponseWriter, r *http.Request, id desk.ID) {
	c := calling(r.Context())
	picture, err := a.Members.Face(r.Context(), c.Workspace.ID, id)
	if err == nil && picture == nil {
		err = desk.Fail(desk.NotFound, "no_picture", "this member has no picture")
	}
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	sum := sha256.Sum256(picture)
	h := w.Header()
	h.Set("Content-Type", http.DetectContentType(picture))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(picture))
}
