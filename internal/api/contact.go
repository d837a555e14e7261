package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/kit/text"
	"parley/internal/member"
	"parley/internal/store"
)

// Contact is a person who writes to the business.
type Contact struct {
	Brief
	CreatedAt     stamp           `json:"created_at"`
	Identities    []Place         `json:"identities" nullable:"false"`
	Conversations []Thread        `json:"conversations" nullable:"false" doc:"The newest ones"`
	Merged        []MergedContact `json:"merged" nullable:"false" doc:"Contacts that a member said are the same person"`
	Session       opt[Visit]      `json:"session" doc:"The last visit, as far as the visitor agreed to it being kept"`
}

// Place is where a contact writes from.
type Place struct {
	ChannelKind string       `json:"channel_kind"`
	ChannelName string       `json:"channel_name"`
	Profile     opt[Profile] `json:"profile" doc:"What the channel tells of the person"`
}

// Profile is what a channel tells of a person beside their name.
type Profile struct {
	Username  string `json:"username"`
	Followers int64  `json:"followers" doc:"-1: not told"`
	Follows   bool   `json:"follows" doc:"The person follows the business"`
	Followed  bool   `json:"followed" doc:"The business follows the person"`
	Verified  bool   `json:"verified"`
	Picture   string `json:"picture" doc:"Where its bytes are; empty: none"`
	ReadAt    stamp  `json:"read_at"`
}

// Thread is a conversation in short.
type Thread struct {
	ID        desk.ID `json:"id"`
	Subject   string  `json:"subject"`
	State     string  `json:"state" enum:"open,snoozed,closed"`
	UpdatedAt stamp   `json:"updated_at"`
}

// Visit is a visit to a page with the website chat.
type Visit struct {
	Browser    string `json:"browser"`
	OS         string `json:"os"`
	Device     string `json:"device"`
	PageURL    string `json:"page_url"`
	Referrer   string `json:"referrer"`
	Locale     string `json:"locale"`
	StartedAt  stamp  `json:"started_at"`
	LastSeenAt stamp  `json:"last_seen_at"`
	Seconds    int64  `json:"seconds"`
}

type contactList struct {
	Paging
	Q string `query:"q" maxLength:"200" doc:"Start of a name, e-mail address or phone number"`
}

type contactBody struct {
	ByID
	Body struct {
		Name  *string `json:"name,omitempty" maxLength:"200"`
		Email *string `json:"email,omitempty" maxLength:"254"`
		Phone *string `json:"phone,omitempty" maxLength:"40"`
	}
}

func contactRoutes(a *API) {
	declare(a, Route{ID: "list-contacts", Method: http.MethodGet, Path: "/api/v1/contacts", Needs: Need(desk.ReadContacts), Record: "contact.list",
		Tag: "contacts", Summary: "Contacts, newest first, or those that match"}, a.listContacts)
	declare(a, Route{ID: "get-contact", Method: http.MethodGet, Path: "/api/v1/contacts/{id}", Needs: Need(desk.ReadContacts),
		Tag: "contacts", Summary: "One contact"},
		func(ctx context.Context, c *call, in *ByID) (*given[Contact], error) {
			return reply(a.showContact(ctx, c, in.id()))
		})
	declare(a, Route{ID: "change-contact", Method: http.MethodPatch, Path: "/api/v1/contacts/{id}", Needs: Need(desk.WriteContacts),
		Tag: "contacts", Summary: "Correct what is known about a contact"}, a.changeContact)
}

const threadsShown = 20

func (v *view) contact(person desk.Contact) (Contact, error) {
	all, err := v.rx.Person(person.ID)
	if err != nil {
		return Contact{}, err
	}
	person = all[0]
	out := Contact{Brief: brief(person), CreatedAt: stamp(person.CreatedAt), Identities: []Place{}, Conversations: []Thread{}}
	if out.Merged, err = v.merged(all); err != nil {
		return out, err
	}
	var rows []store.Row
	for _, one := range all {
		ids, err := v.rx.Identities(one.ID)
		if err != nil {
			return out, err
		}
		profiles, err := v.rx.Profiles(one.ID)
		if err != nil {
			return out, err
		}
		for _, i := range ids {
			acct, err := v.account(i.Account)
			if err != nil {
				return out, err
			}
			out.Identities = append(out.Identities, Place{acct.Kind, acct.Name, profileAt(profiles, i.Account)})
		}
		theirs, err := v.rx.ConversationsWith(one.ID, threadsShown)
		if err != nil {
			return out, err
		}
		rows = append(rows, theirs...)
	}
	slices.SortStableFunc(rows, func(a, b store.Row) int { return b.LastAt.Compare(a.LastAt) })
	for _, r := range rows[:min(len(rows), threadsShown)] {
		out.Conversations = append(out.Conversations, Thread{r.ID, r.Subject, string(r.State), stamp(r.LastAt)})
	}
	visit, err := v.rx.Visit(person.ID)
	if desk.IsNotFound(err) {
		return out, nil
	}
	out.Session = visitOf(visit)
	return out, err
}

// profileAt is what one account told of a person.
func profileAt(all []desk.ContactProfile, account desk.ID) opt[Profile] {
	for _, p := range all {
		if p.Account != account {
			continue
		}
		shown := Profile{Username: p.Username, Followers: p.Followers, Follows: p.Follows, Followed: p.Followed, Verified: p.Verified, ReadAt: stamp(p.ReadAt)}
		if p.Picture != 0 {
			shown.Picture = mediaPath + "/" + p.Picture.String()
		}
		return some(shown)
	}
	return opt[Profile]{}
}

// visitOf shows a visit without its network address, which no screen needs.
func visitOf(s desk.Session) opt[Visit] {
	if s.Browser+s.OS+s.Device+s.PageURL+s.Referrer+s.Locale == "" {
		return opt[Visit]{}
	}
	return some(Visit{Browser: s.Browser, OS: s.OS, Device: s.Device, PageURL: s.PageURL, Referrer: s.Referrer, Locale: s.Locale,
		StartedAt: stamp(s.StartedAt), LastSeenAt: stamp(s.SeenAt), Seconds: int64(s.SeenAt.Sub(s.StartedAt).Seconds())})
}

func (a *API) showContact(ctx context.Context, c *call, id desk.ID) (out Contact, err error) {
	err = c.ws.Read(ctx, func(rx *store.Rx) error {
		person, err := rx.Contact(id)
		if err != nil {
			return err
		}
		out, err = a.view(rx, c.locale).contact(person)
		return err
	})
	return out, err
}

const contactOrder = "contacts"

func (a *API) listContacts(ctx context.Context, c *call, in *contactList) (*given[Page[Contact]], error) {
	before, err := in.after(contactOrder)
	if err != nil {
		return nil, err
	}
	var out Page[Contact]
	err = c.ws.Read(ctx, func(rx *store.Rx) error {
		var rows []desk.Contact
		var err error
		limit := in.Limit
		if words := text.Prefix(strings.TrimSpace(in.Q)); len(words) > 0 {
			rows, err = rx.FindContacts(words, limit)
		} else {
			rows, err = rx.Contacts(before, limit+1)
		}
		if err != nil {
			return err
		}
		v := a.view(rx, c.locale)
		var failed error
		out = page(rows, limit, func(p desk.Contact) Contact {
			shown, err := v.contact(p)
			if err != nil {
				failed = err
			}
			return shown
		}, func(p desk.Contact) string { return cursor.Make(contactOrder, int64(p.ID)) })
		return failed
	})
	return reply(out, err)
}

func (a *API) changeContact(ctx context.Context, c *call, in *contactBody) (*given[Contact], error) {
	err := c.ws.Write(ctx, func(tx *store.Tx) error {
		person, err := tx.ChangeContact(in.id(), in.apply)
		if err != nil {
			return err
		}
		if err := tx.SetContactTerms(in.id(), text.Prefixes(person.Name+" "+person.Email+" "+person.Phone)); err != nil {
			return err
		}
		if err := a.recorded(tx, c, "contact.change", in.id()); err != nil {
			return err
		}
		return a.Flow.Emit(tx, desk.Event{Kind: desk.ContactChanged, Object: in.id()})
	})
	if err != nil {
		return nil, err
	}
	return reply(a.showContact(ctx, c, in.id()))
}

func (in *contactBody) apply(p *desk.Contact) error {
	if in.Body.Name != nil {
		p.Name = text.Normalise(*in.Body.Name, 200)
	}
	if in.Body.Email != nil {
		if p.Email = member.Email(*in.Body.Email); p.Email != "" && !strings.Contains(p.Email, "@") {
			return desk.Fail(desk.Invalid, "email_invalid", "this is not an e-mail address")
		}
	}
	if in.Body.Phone != nil {
		p.Phone = text.Normalise(*in.Body.Phone, 40)
	}
	return nil
}
