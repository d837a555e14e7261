package api

import (
	"context"
	"errors"
	"strings"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/store"
)

// mayPublish holds settings that somebody wants to save to the workspace's tests.
// Where some would fail it is desk.Conflict "tests_failed" with their questions,
// unless a person says why it is to be saved all the same, which is recorded.
func (a *API) mayPublish(ctx context.Context, c *call, wanted desk.AISettings, why string) error {
	if err := wanted.Check(); err != nil {
		return err
	}
	if why = strings.TrimSpace(why); why != "" {
		if c.Actor.Kind != desk.ByMember {
			return desk.Fail(desk.Forbidden, "override_by_member", "only a person who is signed in may save settings under which tests fail")
		}
		return c.ws.Write(ctx, func(tx *store.Tx) error {
			return a.Audit.Put(tx, audit.Note{Action: "ai.override", Actor: c.Actor, Reason: why, Subject: c.Actor.ID})
		})
	}
	failed, err := a.Lab.Gate(ctx, c.Workspace.ID, wanted)
	if err != nil || len(failed) == 0 {
		return err
	}
	var which fieldErrors
	for _, question := range failed {
		which = append(which, ProblemField{Location: "tests", Message: question})
	}
	return errors.Join(desk.Fail(desk.Conflict, "tests_failed", "tests would fail under these settings; change them, or say why to save them all the same"), which)
}
