package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/knowledge"
	"parley/internal/store"
)

// Source is one document of the workspace's knowledge.
type Source struct {
	ID        desk.ID `json:"id"`
	Name      string  `json:"name"`
	Kind      string  `json:"kind" enum:"faq,text,markdown,file,catalogue,profile,page,site,replies" doc:"replies: the saved replies that the AI may use"`
	Format    string  `json:"format" doc:"Of a file: pdf, docx, pptx, odt, xlsx, csv, html; empty for none"`
	State     string  `json:"state" enum:"queued,reading,ready,failed"`
	Reason    string  `json:"reason"`
	Stage     string  `json:"stage" enum:",opening,reading,keeping" doc:"What its reading is at"`
	PagesDone int     `json:"pages_done" doc:"Pages read so far"`
	Pages     int     `json:"pages" doc:"Pages it has; 0 where it has none"`
	Language  string  `json:"language"`
	Passages  int     `json:"passages"`
	Held      *int    `json:"held,omitempty" doc:"Of those, passages that wait for review; absent from events"`
	Bytes     int64   `json:"bytes"`
	URL       string  `json:"url"`
	CreatedAt stamp   `json:"created_at"`
	UpdatedAt stamp   `json:"updated_at"`
	Crawl     *Crawl  `json:"crawl,omitempty" doc:"Of a page or a site"`
}

func sourceOf(s store.Source) Source {
	return Source{ID: s.ID, Name: s.Name, Kind: s.Kind, State: string(s.State), Reason: s.Reason, Language: s.Language, Passages: s.Passages,
		Format: s.Format, Stage: s.Stage, PagesDone: s.PagesDone, Pages: s.Pages, Bytes: s.Size, URL: s.URL, CreatedAt: stamp(s.CreatedAt), UpdatedAt: stamp(s.UpdatedAt)}
}

// Pair is a question with its answer.
type Pair struct {
	Question     string   `json:"question" minLength:"1" maxLength:"500"`
	Answer       string   `json:"answer" minLength:"1" maxLength:"4000"`
	Alternatives []string `json:"alternatives,omitempty" maxItems:"20" nullable:"false" doc:"Other ways to ask"`
}

func pairs(in []Pair) []knowledge.Pair {
	if in == nil {
		return nil // left out, which is not the same as none
	}
	out := []knowledge.Pair{}
	for _, p := range in {
		out = append(out, knowledge.Pair{Question: p.Question, Answer: p.Answer, Alternatives: p.Alternatives})
	}
	return out
}

// NewSource is what somebody adds: pairs, or a text.
type NewSource struct {
	Kind     string `json:"kind" enum:"faq,text,profile,page,site"`
	Name     string `json:"name" minLength:"1" maxLength:"200"`
	Language string `json:"language,omitempty" maxLength:"10" doc:"Guessed where it is left out"`
	Pairs    []Pair `json:"pairs,omitempty" maxItems:"5000" nullable:"false" doc:"For faq"`
	Text     string `json:"text,omitempty" maxLength:"5242880" doc:"For text"`
	Format   string `json:"format,omitempty" enum:"plain,markdown"`
	URL      string `json:"url,omitempty" maxLength:"2000" doc:"Where a reader finds it; for page and site, what is read"`

	Profile *Business `json:"profile,omitempty" doc:"For profile"`

	Schedule string `json:"schedule,omitempty" enum:"off,daily,weekly" doc:"For page and site: how often it is read again; off where it is left out"`
	Limit    int    `json:"limit,omitempty" minimum:"1" maximum:"2000" doc:"For site: pages it may have; 200 where it is left out"`
}

// Business is what a business says of itself.
type Business struct {
	Description string          `json:"description,omitempty" maxLength:"28000"`
	Hours       []BusinessEntry `json:"hours,omitempty" maxItems:"50" nullable:"false" doc:"A day or days, with the hours"`
	Addresses   []BusinessEntry `json:"addresses,omitempty" maxItems:"50" nullable:"false"`
	Policies    []BusinessEntry `json:"policies,omitempty" maxItems:"50" nullable:"false"`
	Titles      BusinessTitles  `json:"titles,omitempty" doc:"Headings in the language of the profile; English where they are left out"`
}

// BusinessEntry is a label with what it says.
type BusinessEntry struct {
	Label string `json:"label,omitempty" maxLength:"200"`
	Text  string `json:"text" minLength:"1" maxLength:"1400"`
}

// BusinessTitles are the headings of a profile's parts.
type BusinessTitles struct {
	About     string `json:"about,omitempty" maxLength:"100"`
	Hours     string `json:"hours,omitempty" maxLength:"100"`
	Addresses string `json:"addresses,omitempty" maxLength:"100"`
	Policies  string `json:"policies,omitempty" maxLength:"100"`
}

// upload is a file from a form.
type upload struct {
	name, language, kind, fileName string
	file                           []byte
}

// SourceChange is what somebody changes about a source; what is left out stays.
type SourceChange struct {
	Name  *string `json:"name,omitempty" minLength:"1" maxLength:"200"`
	URL   *string `json:"url,omitempty" maxLength:"2000"`
	Pairs []Pair  `json:"pairs,omitempty" maxItems:"5000" nullable:"false"`
	Text  *string `json:"text,omitempty" maxLength:"5242880"`

	Profile *Business `json:"profile,omitempty"`

	Schedule *string `json:"schedule,omitempty" enum:"off,daily,weekly" doc:"Of a page or a site"`
	Limit    *int    `json:"limit,omitempty" minimum:"1" maximum:"2000" doc:"Of a site"`
}

// Found is a passage that fits a search.
type Found struct {
	PassageID desk.ID `json:"passage_id"`
	SourceID  desk.ID `json:"source_id"`
	Name      string  `json:"name"`
	Heading   string  `json:"heading"`
	Text      string  `json:"text"`
	Score     float64 `json:"score"`
}

// Added is a source that was taken in and will be read.
type Added struct {
	ID    desk.ID `json:"id"`
	State string  `json:"state" enum:"queued,reading,ready,failed"`
}

const (
	sourceLimit = 6 << 20
	fileLimit   = 26 << 20 // a file with its form
)

type sourceBody struct {
	ContentType string `header:"Content-Type"`
	RawBody     []byte
}

// Content is what a source was made of: pairs for faq, a profile for profile, text
// for texts; nothing for files and web pages, which are added anew.
type Content struct {
	Pairs   []Pair    `json:"pairs" nullable:"false"`
	Text    string    `json:"text"`
	Profile *Business `json:"profile,omitempty"`
}

// sourceFields says where the refusals of a source belong.
func sourceFields() map[string]string {
	return map[string]string{"source_name_taken": "name", "name_missing": "name", "name_too_long": "name", "bad_url": "url", "bad_language": "language", "bad_schedule": "schedule", "bad_limit": "limit",
		"pair_incomplete": "pairs", "pair_too_long": "pairs", "no_text": "text",
		"profile_incomplete": "profile", "profile_too_long": "profile",
		"wrong_type": "file", "old_format": "file", "password": "file", "damaged": "file", "columns_unknown": "file", "reader_died": "file"}
}

type changeSourceBody struct {
	ByID
	Body SourceChange
}

type passageList struct {
	ByID
	Paging
	State string `query:"state" enum:"held,hidden,edited" doc:"Only passages held back for review, hidden, or edited"`
}

type knowledgeSearch struct {
	Paging
	Q string `query:"q" required:"true" minLength:"1" maxLength:"1000"`
}

const (
	sourceOrder  = "sources"
	passageOrder = "passages"
)

func knowledgeRoutes(a *API) {
	path := "/api/v1/knowledge/sources"
	read, write := Need(desk.ReadKnowledge), Need(desk.WriteKnowledge)
	declare(a, Route{ID: "list-sources", Method: http.MethodGet, Path: path, Needs: read,
		Tag: "knowledge", Summary: "What the AI may quote"}, a.listSources)
	declare(a, Route{ID: "add-source", Method: http.MethodPost, Path: path, Needs: write, Limit: limitUpload, Body: fileLimit, Form: true,
		Status: http.StatusCreated, Tag: "knowledge", Summary: "Add questions and answers, a text, or a file", tune: describeNewSource(a)}, a.addSource)
	declare(a, Route{ID: "get-source", Method: http.MethodGet, Path: path + "/{id}", Needs: read, Tag: "knowledge", Summary: "One source"},
		func(ctx context.Context, c *call, in *ByID) (*given[Source], error) {
			s, err := a.Knowledge.Source(ctx, c.Workspace.ID, in.id())
			return a.shownSource(ctx, c, s, err)
		})
	declare(a, Route{ID: "source-content", Method: http.MethodGet, Path: path + "/{id}/content", Needs: read,
		Tag: "knowledge", Summary: "What a source was made of, to edit it"}, a.sourceContent)
	declare(a, Route{ID: "change-source", Method: http.MethodPatch, Path: path + "/{id}", Needs: write, Body: sourceLimit,
		Tag: "knowledge", Summary: "Rename a source or replace what it says"},
		func(ctx context.Context, c *call, in *changeSourceBody) (*given[Source], error) {
			b := in.Body
			s, err := a.Knowledge.Update(ctx, c.Workspace.ID, in.id(), knowledge.Change{Name: b.Name, URL: b.URL, Pairs: pairs(b.Pairs), Text: b.Text, Profile: b.Profile.business(),
				Plan: knowledge.Plan{Schedule: b.Schedule, Limit: b.Limit}, By: c.Actor})
			return a.shownSource(ctx, c, s, err)
		})
	declare(a, Route{ID: "drop-source", Method: http.MethodDelete, Path: path + "/{id}", Needs: write, Status: http.StatusNoContent,
		Tag: "knowledge", Summary: "Remove a source; the AI stops quoting it at once"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Knowledge.Delete(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
	passageRoutes(a)
	crawlRoutes(a)
	declare(a, Route{ID: "search-knowledge", Method: http.MethodGet, Path: "/api/v1/knowledge/search", Needs: read,
		Tag: "knowledge", Summary: "Passages that fit some words, best first"}, a.searchKnowledge)
}

// describeNewSource tells the API's description what huma cannot read from a
// raw body.
func describeNewSource(a *API) func(*huma.Operation) {
	return func(op *huma.Operation) {
		schemas := a.huma.OpenAPI().Components.Schemas
		form := &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{
			"file": {Type: huma.TypeString, Format: "binary", Description: "PDF, Word, PowerPoint, OpenDocument, Excel, CSV, a web page, plain text, Markdown, or pairs (.json, .csv), at most 25 MB"},
			"name": {Type: huma.TypeString}, "language": {Type: huma.TypeString},
			"kind": {Type: huma.TypeString, Enum: []any{"faq", "catalogue"}, Description: "Told by the file where it is left out"}}}
		op.SkipValidateBody = true // readNewSource and readForm do
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/json":    {Schema: schemas.Schema(typeOf[NewSource](), true, "")},
			"multipart/form-data": {Schema: form},
		}}
	}
}

func (a *API) sourceContent(ctx context.Context, c *call, in *ByID) (*given[Content], error) {
	found, err := a.Knowledge.Input(ctx, c.Workspace.ID, in.id())
	out := Content{Pairs: []Pair{}, Text: found.Text, Profile: profileOf(found.Profile)}
	for _, p := range found.Pairs {
		out.Pairs = append(out.Pairs, Pair{Question: p.Question, Answer: p.Answer, Alternatives: p.Alternatives})
	}
	return reply(out, err)
}

func (a *API) listSources(ctx context.Context, c *call, in *Paging) (*given[Page[Source]], error) {
	before, err := in.after(sourceOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Knowledge.Sources(ctx, c.Workspace.ID, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	shown, err := a.shownSources(ctx, c, rows...)
	return reply(page(shown, in.Limit, func(s Source) Source { return s }, func(s Source) string { return cursor.Make(sourceOrder, int64(s.ID)) }), err)
}

func (a *API) searchKnowledge(ctx context.Context, c *call, in *knowledgeSearch) (*given[Page[Found]], error) {
	hits, err := a.Knowledge.Search(ctx, c.Workspace.ID, in.Q, "", in.Limit)
	p := Page[Found]{Items: []Found{}}
	for _, h := range hits {
		ref := h.Ref(0)
		p.Items = append(p.Items, Found{h.ID, h.Source, h.SourceName, ref.Heading, h.Text, h.Score})
	}
	return reply(p, err)
}

func (a *API) addSource(ctx context.Context, c *call, in *sourceBody) (*given[Added], error) {
	kind, params, err := mime.ParseMediaType(in.ContentType)
	if err != nil {
		return nil, refuse(http.StatusUnsupportedMediaType, "content_type", "send application/json or multipart/form-data")
	}
	var made store.Source
	if kind == "multipart/form-data" {
		made, err = a.addFile(ctx, c, in.RawBody, params["boundary"])
	} else {
		made, err = a.addWords(ctx, c, in.RawBody)
	}
	return reply(Added{made.ID, string(made.State)}, pointing(err, sourceFields()))
}

func (a *API) addWords(ctx context.Context, c *call, raw []byte) (store.Source, error) {
	s, err := a.readNewSource(raw)
	if err != nil {
		return store.Source{}, err
	}
	about := knowledge.Source{Name: s.Name, Language: s.Language, URL: s.URL, By: c.Actor}
	switch s.Kind {
	case knowledge.FAQ:
		return a.Knowledge.AddFAQ(ctx, c.Workspace.ID, about, pairs(s.Pairs))
	case knowledge.WebPage, knowledge.WebSite:
		return a.addSite(ctx, c, s)
	case knowledge.Profile:
		return a.Knowledge.AddProfile(ctx, c.Workspace.ID, about, *s.Profile.business())
	}
	return a.Knowledge.AddText(ctx, c.Workspace.ID, about, s.Text, s.Format == "markdown")
}

func (a *API) addFile(ctx context.Context, c *call, raw []byte, boundary string) (store.Source, error) {
	u, err := readForm(raw, boundary)
	if err != nil {
		return store.Source{}, err
	}
	return a.Knowledge.AddFile(ctx, c.Workspace.ID, knowledge.Source{Name: u.name, Language: u.language, By: c.Actor},
		knowledge.Upload{Name: u.fileName, Kind: u.kind, Raw: u.file})
}

// readNewSource checks JSON by the description that is published.
func (a *API) readNewSource(raw []byte) (NewSource, error) {
	var s NewSource
	var loose any
	if err := json.Unmarshal(raw, &loose); err != nil {
		return s, refuse(http.StatusBadRequest, "not_json", "the body is not JSON")
	}
	schemas := a.huma.OpenAPI().Components.Schemas
	wrong := &huma.ValidateResult{}
	huma.Validate(schemas, schemas.Schema(typeOf[NewSource](), true, ""), huma.NewPathBuffer([]byte("body"), len("body")), huma.ModeWriteToServer, loose, wrong)
	if len(wrong.Errors) > 0 {
		return s, invalidFields(wrong.Errors)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, refuse(http.StatusBadRequest, "not_json", "the body is not what is described")
	}
	if web := s.Kind == knowledge.WebPage || s.Kind == knowledge.WebSite; !web && (s.Schedule != "" || s.Limit != 0) {
		return s, desk.Fail(desk.Invalid, "wrong_kind", "a schedule and a limit belong to a page or a site")
	}
	if s.Kind != knowledge.Text && s.Text != "" || s.Kind != knowledge.FAQ && len(s.Pairs) > 0 || (s.Kind == knowledge.Profile) != (s.Profile != nil) {
		return s, desk.Fail(desk.Invalid, "wrong_kind", "pairs belong to a faq, a profile to a profile, text to a text")
	}
	return s, nil
}

const formParts = 8

// readForm takes one file and a few words from a form.
func readForm(raw []byte, boundary string) (upload, error) {
	var u upload
	bad := refuse(http.StatusBadRequest, "not_a_form", "this is not a form with a file")
	if boundary == "" {
		return u, bad
	}
	parts := multipart.NewReader(bytes.NewReader(raw), boundary)
	for range formParts {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			if u.fileName == "" {
				return u, desk.Fail(desk.Invalid, "file_missing", "the form holds no file")
			}
			return u, nil
		}
		if err != nil {
			return u, bad
		}
		content, err := io.ReadAll(io.LimitReader(p, fileLimit))
		if err != nil {
			return u, bad
		}
		if !u.field(p.FormName(), p.FileName(), content) {
			return u, refuse(http.StatusBadRequest, "form_field", "a form has file (once), name, language, and kind: faq or catalogue")
		}
	}
	return u, bad
}

func (u *upload) field(name, file string, content []byte) bool {
	switch {
	case name == "file" && u.fileName == "" && file != "":
		u.file, u.fileName = content, path.Base(strings.ReplaceAll(file, `\`, "/"))
		return true
	case !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 || len(content) > 800:
		return false
	case name == "name":
		u.name = string(content)
		return true
	case name == "language":
		u.language = string(content)
		return true
	case name == "kind" && (string(content) == knowledge.FAQ || string(content) == knowledge.Catalogue):
		u.kind = string(content)
		return true
	}
	return false
}
