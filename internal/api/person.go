package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
)

// FoundPerson is somebody who was found, with everybody who is the same person.
type FoundPerson struct {
	ID         desk.ID         `json:"id" doc:"The contact that stands for the person: erase, export and restrict by it"`
	Contacts   []Brief         `json:"contacts" nullable:"false"`
	Identities []FoundIdentity `json:"identities" nullable:"false"`
	Held       store.Holdings  `json:"held"`
	FoundBy    []string        `json:"found_by" nullable:"false" doc:"identity, code, contact or words"`
}

// FoundIdentity is what a channel calls somebody.
type FoundIdentity struct {
	ChannelKind string `json:"channel_kind"`
	ChannelName string `json:"channel_name"`
	Kind        string `json:"kind"`
	Value       string `json:"value"`
}

type findBody struct {
	Body struct {
		Query string `json:"query" maxLength:"300" doc:"An id that a channel uses, the code of a case, a contact's number, or the start of a name, e-mail address or telephone number"`
	}
}

// PersonCopy is a copy of what is held of a person.
type PersonCopy struct {
	ID       desk.ID    `json:"id"`
	State    string     `json:"state" enum:"waiting,working,ready,failed"`
	Report   bool       `json:"report" doc:"Of the kinds of data and of who was told, instead of all that is held"`
	Reason   string     `json:"reason,omitempty"`
	CaseID   desk.ID    `json:"case_id,omitempty"`
	Language string     `json:"language"`
	Done     int        `json:"done" doc:"Messages written so far"`
	Total    int        `json:"total"`
	Size     int64      `json:"size" doc:"Bytes of the file"`
	MadeAt   stamp      `json:"made_at"`
	EndsAt   stamp      `json:"ends_at"`
	LinkEnds opt[stamp] `json:"link_ends_at" doc:"Until when its link works; null: none was made"`
	TakenAt  opt[stamp] `json:"taken_at" doc:"When the link was used"`
}

// CopyLink is where a copy can be fetched, once.
type CopyLink struct {
	URL    string `json:"url"`
	EndsAt stamp  `json:"ends_at"`
}

type copyBody struct {
	ByID
	Body *struct {
		CaseID   desk.ID  `json:"case_id,omitempty" doc:"The request that it answers, of which it is the evidence"`
		Report   bool     `json:"report,omitempty" doc:"Only which kinds of data are held, why, and who was told"`
		Language string   `json:"language,omitempty" enum:"en,tr" doc:"Of its pages; empty = the caller's"`
		Hide     []string `json:"hide,omitempty" maxItems:"50" doc:"Words to leave out of what others wrote, such as names of other people"`
	}
}

type copyIn struct {
	ByID
	Copy string `path:"copy" pattern:"^[1-9][0-9]{0,18}$" doc:"Id of the copy"`
}

const (
	exportPath = "/api/v1/contacts/{id}/export"
	takePath   = "/privacy/copy/"
)

func personRoutes(a *API) {
	declare(a, Route{ID: "find-person", Method: http.MethodPost, Path: "/api/v1/privacy/find", Needs: Need(desk.ReadCases), Record: "contact.find",
		Tag: "privacy", Summary: "Find a person by any identity, code, e-mail address, telephone number or name"}, a.findPerson)
	declare(a, Route{ID: "list-exports", Method: http.MethodGet, Path: exportPath, Needs: Need(desk.WriteCases),
		Tag: "privacy", Summary: "The copies made of what is held of a person, newest first"},
		func(ctx context.Context, c *call, in *ByID) (*given[Page[PersonCopy]], error) {
			all, err := a.Copies.List(ctx, c.Workspace.ID, in.id())
			out := Page[PersonCopy]{Items: []PersonCopy{}}
			for _, one := range all {
				out.Items = append(out.Items, personCopy(one))
			}
			return reply(out, err)
		})
	declare(a, Route{ID: "export-contact", Held: true, Method: http.MethodPost, Path: exportPath, Needs: Need(desk.WriteCases), Fresh: true, Status: http.StatusAccepted,
		Tag: "privacy", Summary: "Have a copy made of everything that is held of a person"}, a.exportContact)
	declare(a, Route{ID: "link-export", Held: true, Method: http.MethodPost, Path: exportPath + "/{copy}/link", Needs: Need(desk.WriteCases), Fresh: true,
		Tag: "privacy", Summary: "Make the link by which the person fetches a copy once, within three days"},
		func(ctx context.Context, c *call, in *copyIn) (*given[CopyLink], error) {
			token, ends, err := a.Copies.Link(ctx, c.Workspace.ID, in.id(), rowID(in.Copy), c.Actor)
			return reply(CopyLink{a.home(c) + takePath + token, stamp(ends)}, err)
		})
	declare(a, Route{ID: "drop-export", Method: http.MethodDelete, Path: exportPath + "/{copy}", Needs: Need(desk.WriteCases),
		Tag: "privacy", Summary: "Destroy a copy, with every link to it"},
		func(ctx context.Context, c *call, in *copyIn) (*nothing, error) {
			return &nothing{}, a.Copies.Drop(ctx, c.Workspace.ID, in.id(), rowID(in.Copy), c.Actor)
		})
	declare(a, Route{ID: "list-disclosures", Method: http.MethodGet, Path: "/api/v1/contacts/{id}/disclosures", Needs: Need(desk.ReadCases), Record: "contact.disclosures",
		Tag: "privacy", Summary: "To whom something of a person went, how often and when"}, a.disclosures)
	a.open(Route{ID: "get-export", Held: true, Hidden: true, Method: http.MethodGet, Path: exportPath + "/{copy}/file", Needs: Need(desk.WriteCases), Fresh: true,
		Tag: "privacy", Summary: "The file of a copy"}, func(w http.ResponseWriter, r *http.Request) {
		c := calling(r.Context())
		file, err := a.Copies.Open(r.Context(), c.Workspace.ID, rowID(r.PathValue("id")), rowID(r.PathValue("copy")), c.Actor)
		a.serveCopy(w, r, file, err)
	})
	a.open(Route{ID: "look-at-copy", Method: http.MethodGet, Path: takePath + "{token}", Needs: Public, Hidden: true, Tag: "site",
		Summary: "Before a copy is fetched by its link"}, a.lookAtCopy)
	a.open(Route{ID: "take-copy", Method: http.MethodPost, Path: takePath + "{token}", Needs: Public, Hidden: true, Raw: true, Tag: "site",
		Summary: "A copy, by its link, once"}, func(w http.ResponseWriter, r *http.Request) {
		file, err := a.Copies.Take(r.Context(), r.PathValue("token"))
		if desk.IsNotFound(err) {
			a.lookAtCopy(w, r)
			return
		}
		a.serveCopy(w, r, file, err)
	})
}

// home is where the install is reached, as far as it knows.
func (a *API) home(c *call) string {
	if a.Config.PublicURL != "" {
		return a.Config.PublicURL
	}
	return "http://" + c.host
}

func (a *API) findPerson(ctx context.Context, c *call, in *findBody) (*given[Page[FoundPerson]], error) {
	found, err := (&privacy.Finder{DB: a.Store}).Find(ctx, c.Workspace.ID, in.Body.Query)
	if err != nil {
		return nil, err
	}
	out := Page[FoundPerson]{Items: []FoundPerson{}}
	err = c.ws.Read(ctx, func(rx *store.Rx) error {
		out.Items = out.Items[:0]
		v := a.view(rx, c.locale)
		for _, p := range found {
			one := FoundPerson{ID: p.Contacts[0].ID, Contacts: []Brief{}, Identities: []FoundIdentity{}, Held: p.Held, FoundBy: p.By}
			for _, person := range p.Contacts {
				one.Contacts = append(one.Contacts, brief(person))
			}
			for _, i := range p.Identities {
				acct, err := v.account(i.Account)
				if err != nil {
					return err
				}
				one.Identities = append(one.Identities, FoundIdentity{acct.Kind, acct.Name, i.Kind, i.Value})
			}
			out.Items = append(out.Items, one)
		}
		return nil
	})
	return reply(out, err)
}

func (a *API) exportContact(ctx context.Context, c *call, in *copyBody) (*given[PersonCopy], error) {
	wish := privacy.CopyWish{Language: c.locale}
	if in.Body != nil {
		wish.Case, wish.Report, wish.Hide = in.Body.CaseID, in.Body.Report, in.Body.Hide
		if in.Body.Language != "" {
			wish.Language = in.Body.Language
		}
	}
	one, err := a.Copies.Start(ctx, c.Workspace.ID, in.id(), c.Actor, wish)
	return reply(personCopy(one), err)
}

// Disclosure is to whom something of a person went.
type Disclosure struct {
	To      string `json:"to" doc:"Kind of channel, vendor of a model, or who received it by a decision; empty = the person"`
	Way     string `json:"way" enum:"channel,model,copy,law,terms,safety,consent,marketing"`
	Words   string `json:"words" doc:"Who that is, for people"`
	Count   int    `json:"count" doc:"Messages, turns of the AI, or copies"`
	FirstAt stamp  `json:"first_at"`
	LastAt  stamp  `json:"last_at"`
}

func (a *API) disclosures(ctx context.Context, c *call, in *ByID) (*given[Page[Disclosure]], error) {
	all, err := privacy.Disclosures(ctx, a.Store, c.Workspace.ID, in.id())
	out := Page[Disclosure]{Items: []Disclosure{}}
	for _, d := range all {
		out.Items = append(out.Items, Disclosure{d.To, d.Way, privacy.ToldWords(c.locale, d), d.Count, stamp(d.First), stamp(d.Last)})
	}
	return reply(out, err)
}

func personCopy(p store.PersonCopy) PersonCopy {
	out := PersonCopy{ID: p.ID, State: string(p.State), Report: p.Report, Reason: p.Reason, CaseID: p.Case, Language: p.Language, Done: p.Done, Total: p.Total, Size: p.Size,
		MadeAt: stamp(p.Made), EndsAt: stamp(p.Ends)}
	if !p.LinkEnds.IsZero() {
		out.LinkEnds = some(stamp(p.LinkEnds))
	}
	if !p.Taken.IsZero() {
		out.TakenAt = some(stamp(p.Taken))
	}
	return out
}

// serveCopy answers with the file of a copy, to be saved.
func (a *API) serveCopy(w http.ResponseWriter, r *http.Request, file *blob.Reader, err error) {
	if err != nil {
		a.fail(w, r, calling(r.Context()), err)
		return
	}
	defer func() { _ = file.Close() }() // read only
	defer a.unhurried(w, file.Size())()
	a.serveArchive(w, r, "copy.zip", file)
}

func (a *API) serveArchive(w http.ResponseWriter, r *http.Request, name string, file *blob.Reader) {
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	http.ServeContent(w, withoutRanges(r), "", time.Time{}, file)
}

// withoutRanges: a link opens its copy once, so that it is given whole.
func withoutRanges(r *http.Request) *http.Request {
	r = r.Clone(r.Context())
	r.Header.Del("Range")
	return r
}

// copyPage is /privacy/copy/{token}: it says what there is to fetch, and fetches
// it by a button, so that whatever looks at links before people do takes nothing.
type copyPage struct {
	sheet
	Ends pageTime
}

func (a *API) lookAtCopy(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	p := &copyPage{sheet: newSheet(c, r, "take.")}
	p.Forms = true
	_, one, err := a.Copies.ByLink(r.Context(), r.PathValue("token"))
	if p.Missing = desk.IsNotFound(err); err != nil && !p.Missing {
		a.fail(w, r, c, err)
		return
	}
	p.Ends = pageTimeOf(one.LinkEnds)
	a.showSheet(w, r, p.sheet, "copy.html", p)
}
