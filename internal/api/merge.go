package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/store"
)

// MergedContact is a contact that a member said is the same person.
type MergedContact struct {
	ID          desk.ID `json:"id"`
	Name        string  `json:"name"`
	ChannelKind string  `json:"channel_kind" doc:"Where this one writes from"`
	MergedAt    stamp   `json:"merged_at"`
}

type mergeBody struct {
	ByID
	Body struct {
		ContactID desk.ID `json:"contact_id"`
	}
}

func mergeRoutes(a *API) {
	declare(a, Route{ID: "merge-contact", Method: http.MethodPost, Path: "/api/v1/contacts/{id}/merge", Needs: Need(desk.WriteContacts),
		Tag: "contacts", Summary: "Say that another contact is the same person; nothing moves, and it can be undone"},
		func(ctx context.Context, c *call, in *mergeBody) (*given[Contact], error) {
			if err := a.Inbox.Merge(ctx, c.Workspace.ID, in.id(), in.Body.ContactID, c.Actor); err != nil {
				return nil, err
			}
			return reply(a.showContact(ctx, c, in.id()))
		})
	declare(a, Route{ID: "unmerge-contact", Method: http.MethodPost, Path: "/api/v1/contacts/{id}/unmerge", Needs: Need(desk.WriteContacts),
		Tag: "contacts", Summary: "Undo a merge"},
		func(ctx context.Context, c *call, in *mergeBody) (*given[Contact], error) {
			if err := a.Inbox.Unmerge(ctx, c.Workspace.ID, in.id(), in.Body.ContactID, c.Actor); err != nil {
				return nil, err
			}
			return reply(a.showContact(ctx, c, in.id()))
		})
}

// head is the contact that stands for one: itself, unless a member merged it.
func (v *view) head(c desk.Contact) (desk.Contact, error) {
	for range store.MaxPerson {
		if c.MergedInto == 0 {
			break
		}
		next, err := v.person(c.MergedInto)
		if err != nil || next.ID == 0 {
			return c, err
		}
		c = next
	}
	return c, nil
}

// person shows everybody who is one person with a contact.
func (v *view) merged(all []desk.Contact) ([]MergedContact, error) {
	out := []MergedContact{}
	for _, c := range all[1:] {
		ids, err := v.rx.Identities(c.ID)
		if err != nil {
			return out, err
		}
		one := MergedContact{ID: c.ID, Name: c.Name, MergedAt: stamp(c.MergedAt)}
		if len(ids) > 0 {
			acct, err := v.account(ids[0].Account)
			if err != nil {
				return out, err
			}
			one.ChannelKind = acct.Kind
		}
		out = append(out, one)
	}
	return out, nil
}
