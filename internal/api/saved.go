package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/store"
)

// SavedReply is a text kept ready for members.
type SavedReply struct {
	ID        desk.ID `json:"id"`
	Name      string  `json:"name"`
	Body      string  `json:"body" doc:"May hold {{contact.name}}, {{member.name}} and {{business}}, which the screen fills in"`
	Language  string  `json:"language" doc:"Of the text; empty where it does not matter"`
	Label     string  `json:"label" doc:"Put on the conversation the reply is used in; empty for none"`
	Close     bool    `json:"close" doc:"Sending it closes the conversation"`
	Answers   bool    `json:"answers" doc:"The AI may use what it says, without the parts that name a person"`
	CreatedAt stamp   `json:"created_at"`
	UpdatedAt stamp   `json:"updated_at"`
}

func savedOf(s store.SavedReply) SavedReply {
	return SavedReply{s.ID, s.Name, s.Body, s.Language, s.Label, s.Closes, s.Answers, stamp(s.CreatedAt), stamp(s.UpdatedAt)}
}

type newSavedBody struct {
	Body struct {
		Name     string `json:"name" minLength:"1" maxLength:"200"`
		Body     string `json:"body" minLength:"1" maxLength:"16384"`
		Language string `json:"language,omitempty" maxLength:"3" doc:"Such as en or tr"`
		Label    string `json:"label,omitempty" maxLength:"40"`
		Close    bool   `json:"close,omitempty"`
		Answers  bool   `json:"answers,omitempty"`
	}
}

type changeSavedBody struct {
	ByID
	Body struct {
		Name     *string `json:"name,omitempty" maxLength:"200"`
		Body     *string `json:"body,omitempty" maxLength:"16384"`
		Language *string `json:"language,omitempty" maxLength:"3"`
		Label    *string `json:"label,omitempty" maxLength:"40"`
		Close    *bool   `json:"close,omitempty"`
		Answers  *bool   `json:"answers,omitempty"`
	}
}

const savedOrder = "saved replies"

// savedRoutes: whoever answers people reads them, whoever sets up the workspace
// writes them.
func savedRoutes(a *API) {
	path := "/api/v1/saved-replies"
	read, write := Need(desk.Reply), Need(desk.WriteWorkspace)
	declare(a, Route{ID: "list-saved-replies", Method: http.MethodGet, Path: path, Needs: read, Tag: "saved replies",
		Summary: "Texts kept ready, oldest first"}, a.listSaved)
	declare(a, Route{ID: "add-saved-reply", Method: http.MethodPost, Path: path, Needs: write, Status: http.StatusCreated, Tag: "saved replies",
		Summary: "Keep a text ready"}, a.addSaved)
	declare(a, Route{ID: "change-saved-reply", Method: http.MethodPatch, Path: path + "/{id}", Needs: write, Tag: "saved replies",
		Summary: "Change a saved reply"}, a.changeSaved)
	declare(a, Route{ID: "drop-saved-reply", Method: http.MethodDelete, Path: path + "/{id}", Needs: write, Status: http.StatusNoContent,
		Tag: "saved replies", Summary: "Remove a saved reply; what was written with it stays"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Inbox.DropSaved(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
}

// savedFields says where the refusals of a saved reply belong.
func savedFields() map[string]string {
	return map[string]string{"saved_reply_name_taken": "name", "name_missing": "name", "name_too_long": "name", "empty": "body",
		"saved_too_long": "body", "language_invalid": "language", "reply_unusable": "answers"}
}

func (a *API) listSaved(ctx context.Context, c *call, in *Paging) (*given[Page[SavedReply]], error) {
	after, err := in.after(savedOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Inbox.Saved(ctx, c.Workspace.ID, after, in.Limit+1)
	return reply(page(rows, in.Limit, savedOf, func(s store.SavedReply) string { return cursor.Make(savedOrder, int64(s.ID)) }), err)
}

func (a *API) addSaved(ctx context.Context, c *call, in *newSavedBody) (*given[SavedReply], error) {
	b := in.Body
	if err := savedLanguage(b.Language); err != nil {
		return nil, err
	}
	s, err := a.Inbox.AddSaved(ctx, c.Workspace.ID, c.Actor, store.SavedReply{Name: b.Name, Body: b.Body, Language: b.Language, Label: b.Label, Closes: b.Close, Answers: b.Answers})
	return reply(savedOf(s), pointing(err, savedFields()))
}

func (a *API) changeSaved(ctx context.Context, c *call, in *changeSavedBody) (*given[SavedReply], error) {
	b := in.Body
	if b.Language != nil {
		if err := savedLanguage(*b.Language); err != nil {
			return nil, err
		}
	}
	s, err := a.Inbox.ChangeSaved(ctx, c.Workspace.ID, in.id(), c.Actor, func(s *store.SavedReply) {
		put(&s.Name, b.Name)
		put(&s.Body, b.Body)
		put(&s.Language, b.Language)
		put(&s.Label, b.Label)
		put(&s.Closes, b.Close)
		put(&s.Answers, b.Answers)
	})
	return reply(savedOf(s), pointing(err, savedFields()))
}

// put lays a value that was given over one that stands.
func put[T any](to, given *T) {
	if given != nil {
		*to = *given
	}
}

func savedLanguage(tag string) error {
	if tag == "" || languageTag(tag) {
		return nil
	}
	return pointing(desk.Fail(desk.Invalid, "language_invalid", "a language is two or three letters, such as en"), savedFields())
}
