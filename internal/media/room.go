package media

import (
	"context"
	"errors"

	"parley/internal/desk"
	"parley/internal/store"
)

// Letters writes to the owners of a workspace.
type Letters interface {
	Tell(tx *store.Tx, kind desk.LetterKind, about string) error
}

const storageFull = "storage_full"

func isFull(err error) bool {
	var e *desk.Error
	return errors.As(err, &e) && e.Reason == storageFull
}

// room answers store.StorageFull where not one byte more is taken, before bytes
// are read for nothing. What fits is decided when they are kept.
func room(r *store.Rx) error {
	s, err := r.Storage()
	if err == nil && s.Full() {
		err = store.StorageFull()
	}
	return err
}

// tellFull lets the owners know that files are not kept, once until there is room
// again.
func (md *Media) tellFull(tx *store.Tx) error {
	fresh, err := tx.TellStorageFull()
	if err != nil || !fresh || md.Letters == nil {
		return err
	}
	return md.Letters.Tell(tx, desk.LetterStorage, "")
}

// noRoom ends a file that could not be kept: its bytes leave the disk, and the
// owners learn of it. It answers why.
func (md *Media) noRoom(ctx context.Context, f desk.Media, why error) error {
	if !isFull(why) {
		return why
	}
	err := md.DB.In(f.Workspace).Write(ctx, md.tellFull)
	if f.Blob != "" {
		err = errors.Join(err, md.Blobs.Drop(f.Workspace, f.Blob))
	}
	if err != nil {
		md.Log.WarnContext(ctx, "a file without room was not put away whole", "workspace", f.Workspace, "media", f.ID, "error", err)
	}
	return why
}
