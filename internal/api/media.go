package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/media"
	"parley/internal/store"
)

// Take says which files of one kind a channel takes.
type Take struct {
	Kind  string   `json:"kind" enum:"image,video,audio,file,sticker"`
	Types []string `json:"types" nullable:"false" doc:"Exact types; none = every type"`
	Max   int64    `json:"max" doc:"Bytes"`
	Mute  bool     `json:"mute" doc:"No text can stand beside it"`
}

// takes adds WebP where PNG is taken: Parley turns the one into the other.
func takes(s desk.Skills) []Take {
	all := []Take{}
	for _, r := range s.Media {
		types := orEmpty(slices.Clone(r.Mimes))
		if slices.Contains(types, "image/png") && !slices.Contains(types, "image/webp") {
			types = append(types, "image/webp")
		}
		all = append(all, Take{string(r.Kind), types, min(r.Max, desk.MaxFile), r.Mute})
	}
	return all
}

// Attachment is a file of a message.
type Attachment struct {
	ID       desk.ID `json:"id"`
	Kind     string  `json:"kind" enum:"image,video,audio,file,sticker"`
	Role     string  `json:"role" enum:",story,share,ad" doc:"What it is to the message; empty: it was sent"`
	State    string  `json:"state" enum:"waiting,ready,failed,gone"`
	Reason   string  `json:"reason,omitempty" doc:"Why it is failed or gone, for programs"`
	Words    string  `json:"words,omitempty" doc:"The same in the reader's language"`
	Mime     string  `json:"mime"`
	Name     string  `json:"name"`
	Size     int64   `json:"size"`
	Width    int     `json:"width,omitempty" doc:"Of a picture, in points"`
	Height   int     `json:"height,omitempty"`
	Voice    bool    `json:"voice,omitempty" doc:"Recorded, not picked"`
	Animated bool    `json:"animated,omitempty"`
	URL      string  `json:"url" doc:"Where its bytes are; empty unless it is ready"`
}

const mediaPath = "/api/v1/media"

func attachment(m desk.Media, locale string) Attachment {
	a := Attachment{ID: m.ID, Kind: string(m.Kind), Role: m.Role, State: string(m.State), Reason: m.Reason, Words: channel.Words(locale, m.Reason),
		Mime: m.Mime, Name: m.Name, Size: m.Size, Width: m.Width, Height: m.Height, Voice: m.Voice, Animated: m.Animated}
	if m.State == desk.MediaReady {
		a.URL = mediaPath + "/" + m.ID.String()
	}
	return a
}

// attachments are the files of a message; most have none, and say so without a
// question.
func (v *view) attachments(m desk.Message) ([]Attachment, error) {
	all := []Attachment{}
	if len(m.Files) == 0 {
		return all, nil
	}
	files, err := v.rx.MediaOf(m.ID)
	for _, f := range files {
		all = append(all, attachment(f, v.locale))
	}
	return all, err
}

// formFrame is what a form adds around a file.
const formFrame = 64 << 10

func mediaRoutes(a *API) {
	a.open(Route{ID: "upload-media", Method: http.MethodPost, Path: mediaPath, Needs: Need(desk.Reply), Limit: limitUpload, Stream: true,
		Body: desk.MaxFile + formFrame, Tag: "messages", Summary: "Upload a file, to be sent with a message within 24 hours"}, a.uploadMedia)
	a.describeUpload()
	a.open(Route{ID: "get-media", Method: http.MethodGet, Path: mediaPath + "/{id}", Needs: Need(desk.ReadConversations),
		Tag: "messages", Summary: "The bytes of a file"}, a.getMedia)
	a.describeMedia()
	a.open(Route{ID: "public-media", Method: http.MethodGet, Path: media.LinkPath + "{token}", Needs: Public, Limit: limitHook, Hidden: true,
		Tag: "messages", Summary: "A file on its way to a channel that fetches it"}, a.publicMedia)
}

// describeUpload puts the operation into the description; its body is a stream,
// which huma would hold in memory.
func (a *API) describeUpload() {
	text := func(doc string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: doc} }
	form := &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{
		"file":            {Type: huma.TypeString, Format: "binary", Description: "At most 100 MB, a picture 25 MB"},
		"conversation_id": text("Where it will be sent; before the file"),
		"voice":           text("true for what was recorded in the composer; before the file"),
	}}
	a.huma.OpenAPI().AddOperation(&huma.Operation{OperationID: "upload-media", Method: http.MethodPost, Path: mediaPath, Tags: []string{"messages"},
		Summary: "Upload a file, to be sent with a message within 24 hours", Extensions: map[string]any{"x-needs": string(desk.Reply)},
		Security:    []map[string][]string{{"cookie": {}}, {"bearer": {}}},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: form}}},
		Responses: map[string]*huma.Response{"201": {Description: "Created", Content: map[string]*huma.MediaType{
			"application/json": {Schema: a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Attachment](), true, "")}}}}})
}

func (a *API) describeMedia() {
	a.huma.OpenAPI().AddOperation(&huma.Operation{OperationID: "get-media", Method: http.MethodGet, Path: mediaPath + "/{id}", Tags: []string{"messages"},
		Summary: "The bytes of a file", Extensions: map[string]any{"x-needs": string(desk.ReadConversations)},
		Security:   []map[string][]string{{"cookie": {}}, {"bearer": {}}},
		Parameters: []*huma.Param{{Name: "id", In: "path", Required: true, Description: "Id", Schema: &huma.Schema{Type: huma.TypeString}}},
		Responses: map[string]*huma.Response{"200": {Description: "OK; ranges are answered", Content: map[string]*huma.MediaType{
			"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}})
}

// uploadMedia takes a form of conversation_id, voice and file, in this order:
// what follows the file is not read.
func (a *API) uploadMedia(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	made, err := a.readUpload(r, c)
	if err != nil {
		a.fail(w, r, c, tooLarge(err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	a.encode(w, r, attachment(made, c.locale))
}

// tooLarge gives a body over the route's limit its own status.
func tooLarge(err error) error {
	var over *http.MaxBytesError
	var e *desk.Error
	if errors.As(err, &over) || errors.As(err, &e) && e.Reason == "media_too_large" {
		return refuse(http.StatusRequestEntityTooLarge, "media_too_large", "a file has at most 100 MB, a picture 25 MB")
	}
	return err
}

func (a *API) readUpload(r *http.Request, c *call) (desk.Media, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return desk.Media{}, refuse(http.StatusUnsupportedMediaType, "content_type", "send multipart/form-data with the field file")
	}
	form := multipart.NewReader(r.Body, params["boundary"])
	up := media.Upload{}
	if c.Actor.Kind == desk.ByMember {
		up.By = c.Actor.ID
	}
	for range 8 {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return desk.Media{}, formError(err)
		}
		if part.FormName() == "file" {
			up.Name, up.Mime, up.Body = part.FileName(), part.Header.Get("Content-Type"), wellFormed{part}
			return a.Media.Upload(r.Context(), c.Workspace.ID, up)
		}
		value, err := io.ReadAll(io.LimitReader(part, 100))
		if err != nil {
			return desk.Media{}, formError(err)
		}
		switch part.FormName() {
		case "conversation_id":
			if up.Conversation, err = desk.ParseID(string(value)); err != nil {
				return desk.Media{}, desk.Fail(desk.Invalid, "conversation_id", "conversation_id is the id of a conversation")
			}
		case "voice":
			up.Voice, _ = strconv.ParseBool(string(value)) // anything else is no
		}
	}
	return desk.Media{}, desk.Fail(desk.Invalid, "file_missing", "the form has no field file")
}

// wellFormed says of a form that breaks off what is wrong with it.
type wellFormed struct{ io.Reader }

func (f wellFormed) Read(b []byte) (int, error) {
	n, err := f.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = formError(err)
	}
	return n, err
}

func formError(err error) error {
	var over *http.MaxBytesError
	if errors.As(err, &over) || errors.Is(err, cutOff{}) {
		return tooSlow(err)
	}
	return &refused{http.StatusBadRequest, &desk.Error{Code: desk.Invalid, Reason: "not_a_form", Text: "the form broke off", Cause: err}}
}

// getMedia gives the bytes of a file to who may read conversations.
func (a *API) getMedia(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	var m desk.Media
	err := c.ws.Read(r.Context(), func(rx *store.Rx) (err error) { m, err = rx.Media(rowID(r.PathValue("id"))); return err })
	a.serveMedia(w, r, m, err)
}

// publicMedia gives the bytes of a file to who was told its address.
func (a *API) publicMedia(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	m, err := a.Media.ByLink(r.Context(), r.PathValue("token"))
	a.serveMedia(w, r, m, err)
}

// serveMedia answers with a file as something to look at or to save, never as
// something that runs.
func (a *API) serveMedia(w http.ResponseWriter, r *http.Request, m desk.Media, err error) {
	var bytesOf *blob.Reader
	if err == nil {
		bytesOf, err = a.Media.Open(r.Context(), m)
	}
	if err != nil {
		a.fail(w, r, calling(r.Context()), err)
		return
	}
	defer func() { _ = bytesOf.Close() }() // read only
	defer a.unhurried(w, m.Size)()
	h := w.Header()
	h.Set("Content-Type", m.Mime)
	h.Set("Content-Disposition", media.Disposition(m))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cache-Control", "private, no-store")
	h.Set("ETag", `"`+m.Blob+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytesOf)
}

// encode writes a JSON answer outside huma.
func (a *API) encode(w http.ResponseWriter, r *http.Request, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		a.Log.DebugContext(r.Context(), "caller went away", "request", requestID(r.Context()))
	}
}
