package store

import "context"

const sqlDueLanes = `SELECT count(*) FROM lane WHERE due <= $1 AND kind <> $2`

// DueLanes counts the lanes of all workspaces that are due, but those of one
// kind, whether or not somebody works at them now: 0 says that the program rests.
func (db *DB) DueLanes(ctx context.Context, but string) (n int, err error) {
	err = db.In(0).Read(ctx, func(r *Rx) error {
		return r.row(sqlDueLanes, us(db.clk.Now()), but).Scan(&n)
	})
	return n, err
}
