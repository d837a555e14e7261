package intake

import (
	"context"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// lookAgain bounds how long a filing on another node goes unnoticed.
const lookAgain = 250 * time.Millisecond

// Filed waits until the message with that external id is filed, for a caller
// that has to answer with it; AcceptPart made sure that it will be. It ends
// with ctx's error when that takes too long.
func (in *Intake) Filed(ctx context.Context, acct desk.Account, external string) (desk.Message, error) {
	bell := make(chan struct{}, 1)
	stop := in.DB.Watch(func(c store.Commit) {
		if c.Events[acct.Workspace] == 0 {
			return
		}
		select {
		case bell <- struct{}{}:
		default:
		}
	})
	defer stop()
	tick := in.DB.Clock().NewTicker(lookAgain)
	defer tick.Stop()
	for {
		var m desk.Message
		err := in.DB.In(acct.Workspace).Read(ctx, func(r *store.Rx) (err error) {
			m, err = r.MessageByExternalID(acct.ID, external)
			return err
		})
		if !desk.IsNotFound(err) {
			return m, err
		}
		select {
		case <-bell:
		case <-tick.C():
		case <-ctx.Done():
			return m, ctx.Err()
		}
	}
}
