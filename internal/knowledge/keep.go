package knowledge

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/knowledge/index"
	"parley/internal/store"
)

// KeepWork is the kind of work that keeps a workspace's index for the next
// start, in the workspace's lane.
const KeepWork = "keep_index"

// KeepAfter is how long the knowledge must have been at rest before its index is
// kept.
const KeepAfter = 5 * time.Second

// kept is the index that was kept, with the state of the rows it was made of.
type kept struct {
	index  *index.Index // nil when there is none that can be read
	stamps map[desk.ID]int64
	broken bool
}

// readKept reads the kept index in the snapshot of r. One that cannot be read is
// as good as none; only the database's own errors are errors.
func readKept(r *store.Rx) (kept, error) {
	raw, _, err := r.Index()
	if errors.Is(err, store.ErrIndexBroken) {
		return kept{stamps: map[desk.ID]int64{}, broken: true}, nil
	}
	if err != nil || raw == nil {
		return kept{stamps: map[desk.ID]int64{}}, err
	}
	stamps, rest, ok := readStamps(raw)
	if ok {
		if x, err := index.Load(index.DefaultWeights(), rest); err == nil {
			return kept{index: x, stamps: stamps}, nil
		}
	}
	return kept{stamps: map[desk.ID]int64{}, broken: true}, nil
}

// appendStamps writes how many sources there are, and each with its stamp.
func appendStamps(out []byte, stamps map[desk.ID]int64) []byte {
	out = binary.LittleEndian.AppendUint32(out, uint32(len(stamps)))
	for id, stamp := range stamps {
		out = binary.LittleEndian.AppendUint64(out, uint64(id))
		out = binary.LittleEndian.AppendUint64(out, uint64(stamp))
	}
	return out
}

func readStamps(raw []byte) (stamps map[desk.ID]int64, rest []byte, ok bool) {
	const each = 16
	if len(raw) < 4 {
		return nil, nil, false
	}
	n, rest := int64(binary.LittleEndian.Uint32(raw)), raw[4:]
	if n*each > int64(len(rest)) {
		return nil, nil, false
	}
	stamps = make(map[desk.ID]int64, n)
	for one := range slices.Chunk(rest[:n*each], each) {
		stamps[desk.ID(binary.LittleEndian.Uint64(one))] = int64(binary.LittleEndian.Uint64(one[8:]))
	}
	return stamps, rest[n*each:], true
}

// askToKeep queues the keeping of an index that had to be made from the rows. A
// search does not fail when that fails: the next start takes longer, and asks
// again.
func (k *Knowledge) askToKeep(ctx context.Context, ws desk.ID, broken bool) {
	if broken {
		k.Log.WarnContext(ctx, "the kept search index could not be read and was made anew", "workspace", ws.String())
	}
	err := k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if broken {
			if err := tx.DropIndex(); err != nil {
				return err
			}
		}
		return k.Flow.Add(tx, flow.Item{Kind: KeepWork, Key: ws}, flow.After(k.Rest), flow.Coalesce(4*k.Rest))
	})
	if err != nil {
		k.Log.WarnContext(ctx, "the search index is not kept for the next start", "workspace", ws.String(), "error", err)
	}
}

// keepIndex writes the index as it is now, part by part so that nobody waits long.
// Knowledge that changes meanwhile ends it: the change brings work of its own.
func (k *Knowledge) keepIndex(ctx context.Context, j *flow.Job) error {
	ws := j.Items[0].Workspace
	raw, version, err := k.toKeep(ctx, ws)
	if err != nil {
		return err
	}
	parts := slices.Collect(slices.Chunk(raw, store.IndexPart))
	for n := len(parts) - 1; n >= 0; n-- {
		going := false
		err := k.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
			j.Check(tx)
			going, err = tx.PutIndexPart(version, n, len(parts), parts[n])
			return err
		})
		if err != nil {
			return err
		}
		if !going {
			break
		}
	}
	return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
}

// toKeep gives the bytes of a workspace's index, nil when they are kept already.
func (k *Knowledge) toKeep(ctx context.Context, ws desk.ID) (raw []byte, version int64, err error) {
	if _, err := k.base(ctx, ws); err != nil {
		return nil, 0, err
	}
	k.mu.Lock()
	b := k.bases[ws]
	k.mu.Unlock()
	if b == nil {
		return nil, 0, nil // made room for others at this very moment
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { version, err = r.IndexVersion(); return err })
	if err != nil || version == b.version || b.index.Len() == 0 {
		return nil, 0, err
	}
	return append(appendStamps(nil, b.stamps), b.index.Save()...), b.version, nil
}
