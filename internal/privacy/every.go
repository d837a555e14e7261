package privacy

import (
	"context"

	"parley/internal/desk"
	"parley/internal/store"
)

// ReadEveryContact opens what is sealed of every contact and counts them, for the
// check of a backup: it fails at the first that does not open.
func ReadEveryContact(ctx context.Context, db *store.DB) (n int64, err error) {
	const step = 500
	all, err := db.Workspaces(ctx)
	if err != nil {
		return 0, err
	}
	for _, ws := range all {
		for last, more := desk.ID(0), true; more; {
			err := db.In(ws.ID).Read(ctx, func(r *store.Rx) error {
				some, err := r.EveryContact(last, step)
				for _, c := range some {
					if last = c.ID; err != nil {
						return err
					}
					_, err = r.Identities(c.ID)
				}
				n, more = n+int64(len(some)), len(some) == step
				return err
			})
			if err != nil {
				return n, err
			}
		}
	}
	return n, nil
}
