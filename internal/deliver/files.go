package deliver

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// carry is how long a channel may take for a call with files, which it reads or
// fetches meanwhile.
const carry = 3 * time.Minute

// fileFits holds the files of a message against what its channel takes.
func (d *Deliver) fileFits(r *store.Rx, m desk.Message, skills desk.Skills) error {
	if d.Files == nil || len(m.Files) == 0 {
		return nil
	}
	return d.Files.Check(r, m, skills)
}

// files opens what leaves with a message. Nothing was sent yet: what goes wrong
// here is certain.
func (d *Deliver) files(ctx context.Context, m desk.Message, skills desk.Skills) ([]desk.File, error) {
	if d.Files == nil || len(m.Files) == 0 {
		return nil, nil
	}
	all, err := d.Files.Files(ctx, m, skills)
	var e *desk.Error
	if err != nil && !errors.As(err, &e) {
		err = &desk.Error{Code: desk.Unavailable, Reason: "file_unreadable", Text: "the file could not be read", Retry: true, Cause: err}
	}
	return all, err
}
