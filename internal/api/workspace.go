package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Workspace is the business's own settings.
type Workspace struct {
	ID        desk.ID  `json:"id"`
	Name      string   `json:"name"`
	Locale    string   `json:"locale" enum:"en,tr" doc:"Language of what Parley says by itself"`
	Languages []string `json:"languages" nullable:"false" doc:"Languages the AI may answer in; empty = every one"`
	Mode      string   `json:"mode" enum:"off,draft,autopilot"`
	Paused    bool     `json:"paused" doc:"The AI stops everywhere"`
	BurstMS   int64    `json:"burst_ms" doc:"How long to wait for more lines before answering"`
	Limited   bool     `json:"limited_data_use" doc:"What is held of contacts serves their conversations only"`
}

func workspaceOf(w desk.Workspace) Workspace {
	return Workspace{w.ID, w.Name, w.Locale, orEmpty(w.Languages), string(w.Mode), w.Paused, w.Burst.Milliseconds(), w.Limited}
}

type workspaceChange struct {
	Body struct {
		Name      *string   `json:"name,omitempty" maxLength:"200"`
		Locale    *string   `json:"locale,omitempty" enum:"en,tr"`
		Languages *[]string `json:"languages,omitempty" maxItems:"50"`
		Mode      *string   `json:"mode,omitempty" enum:"off,draft,autopilot"`
		Paused    *bool     `json:"paused,omitempty"`
		BurstMS   *int64    `json:"burst_ms,omitempty" minimum:"0" maximum:"60000"`
		Limited   *bool     `json:"limited_data_use,omitempty"`
	}
}

func workspaceRoutes(a *API) {
	declare(a, Route{ID: "get-workspace", Method: http.MethodGet, Path: "/api/v1/workspace", Needs: Need(desk.ReadWorkspace),
		Tag: "workspace", Summary: "The workspace's settings"},
		func(_ context.Context, c *call, _ *nothing) (*given[Workspace], error) {
			return reply(workspaceOf(c.Workspace), nil)
		})
	declare(a, Route{ID: "change-workspace", Method: http.MethodPatch, Path: "/api/v1/workspace", Needs: Need(desk.WriteWorkspace),
		Tag: "workspace", Summary: "Change the workspace's settings, or pause its AI"}, a.changeWorkspace)
	declare(a, Route{ID: "get-storage", Method: http.MethodGet, Path: "/api/v1/workspace/storage", Needs: Need(desk.WriteWorkspace),
		Tag: "workspace", Summary: "How much the workspace keeps of files and knowledge, and how much it may"},
		func(ctx context.Context, c *call, _ *nothing) (*given[Storage], error) {
			var s store.Storage
			err := c.ws.Read(ctx, func(r *store.Rx) (err error) { s, err = r.Storage(); return err })
			return reply(Storage{s.Files, s.Knowledge, s.Limit, s.Full()}, err)
		})
}

// Storage is how many bytes a workspace keeps.
type Storage struct {
	Files     int64 `json:"files" doc:"Bytes of files of messages"`
	Knowledge int64 `json:"knowledge" doc:"Bytes of what knowledge was given, as it came"`
	Limit     int64 `json:"limit" doc:"How many it may keep in all; 0 = any"`
	Full      bool  `json:"full" doc:"Nothing more is kept: uploads are refused, and files of customers are noted as not kept"`
}

// changeWorkspace changes words and times here; how far the AI may go is the
// inbox's business, because AI messages on their way must be stopped.
func (a *API) changeWorkspace(ctx context.Context, c *call, in *workspaceChange) (*given[Workspace], error) {
	var ws desk.Workspace
	err := c.ws.Write(ctx, func(tx *store.Tx) (err error) {
		if ws, err = tx.ChangeSettings(in.apply); err != nil {
			return err
		}
		if err := a.recorded(tx, c, "workspace.change", c.Workspace.ID); err != nil {
			return err
		}
		return a.Flow.Emit(tx, desk.Event{Kind: desk.WorkspaceChanged, Object: c.Workspace.ID})
	})
	if err == nil && (in.Body.Mode != nil || in.Body.Paused != nil) {
		ws, err = a.Inbox.SteerWorkspace(ctx, c.Workspace.ID, c.Actor, steer(in.Body.Mode, in.Body.Paused))
	}
	return reply(workspaceOf(ws), err)
}

func steer(mode *string, paused *bool) inbox.Steer {
	s := inbox.Steer{Paused: paused}
	if mode != nil {
		m := desk.Mode(*mode)
		s.Mode = &m
	}
	return s
}

func (in *workspaceChange) apply(w *desk.Workspace) error {
	b := in.Body
	if b.Name != nil {
		if w.Name = text.Normalise(*b.Name, 200); w.Name == "" {
			return desk.Fail(desk.Invalid, "name_missing", "a workspace needs a name")
		}
	}
	if b.Locale != nil {
		w.Locale = *b.Locale
	}
	if b.Languages != nil {
		for _, l := range *b.Languages {
			if !languageTag(l) {
				return desk.Fail(desk.Invalid, "language_invalid", "a language is two or three letters, such as en")
			}
		}
		if !slices.Equal(w.Languages, *b.Languages) {
			w.Languages = *b.Languages
			w.AIEpoch++ // what waits may be in a language that is off now
		}
	}
	if b.Limited != nil {
		w.Limited = *b.Limited
	}
	if b.BurstMS != nil {
		w.Burst = time.Duration(*b.BurstMS) * time.Millisecond
	}
	return nil
}

func languageTag(s string) bool {
	if len(s) < 2 || len(s) > 3 {
		return false
	}
	for _, r := range s {
		if r < 'a' || r > 'z' {
			return false
		}
	}
	return true
}
