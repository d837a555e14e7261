package media

import (
	"context"
	"errors"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/store"
)

const (
	// fetchTime is how long a channel may take for one file.
	fetchTime = 3 * time.Minute
	// fetchTries is how often a file is asked for before it counts as failed: the
	// rests between them add up to three hours.
	fetchTries = 12
	firstRest  = 2 * time.Second
	lastRest   = 40 * time.Minute
)

// wanted is a file that a channel holds, with what it takes to ask for it.
type wanted struct {
	file    desk.Media
	ref     desk.MediaRef
	acct    channel.Account
	fetcher channel.Fetcher
}

// fetch reads files from their channels. Its own count of tries stands in the
// item, so that a rest can be as long as the channel asks for.
func (md *Media) fetch(ctx context.Context, job *flow.Job) error {
	for _, item := range job.Items {
		if err := md.fetchOne(ctx, job, item); err != nil {
			return err
		}
	}
	return nil
}

func (md *Media) fetchOne(ctx context.Context, job *flow.Job, item flow.Item) error {
	w, err := md.wanted(ctx, item)
	if err == nil && w.file.ID == 0 { // unsent, erased or here already
		return md.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error { return job.Finish(tx, item) })
	}
	got := w.file
	if err == nil {
		got, err = md.ask(ctx, w)
	}
	if err != nil && ctx.Err() != nil {
		return err // the program stops, or the lane is somebody else's
	}
	if err != nil && w.file.ID == 0 {
		return err
	}
	if err != nil {
		return md.failed(ctx, job, item, err)
	}
	if err := md.here(ctx, job, item, got); !isFull(err) {
		return err
	}
	return md.failed(ctx, job, item, md.noRoom(ctx, got, store.StorageFull()))
}

// wanted is empty when there is nothing to fetch any more.
func (md *Media) wanted(ctx context.Context, item flow.Item) (w wanted, err error) {
	var gone error
	err = md.DB.In(item.Workspace).Read(ctx, func(r *store.Rx) error {
		w, gone = wanted{}, nil
		f, err := r.Media(item.Object)
		if desk.IsNotFound(err) || err == nil && f.State != desk.MediaWaiting {
			return nil
		}
		if err == nil {
			if err = room(r); isFull(err) {
				w.file, gone, err = f, err, nil
				return nil
			}
		}
		if err != nil {
			return err
		}
		m, err := r.Message(f.Message)
		if desk.IsNotFound(err) || err == nil && (m.Deleted || f.Place >= len(m.Files)) {
			return nil
		}
		if err != nil {
			return err
		}
		c, err := r.Conversation(f.Conversation)
		if err != nil {
			return err
		}
		w.file, w.ref = f, m.Files[f.Place]
		if w.acct, err = account(r, c.Account); desk.IsNotFound(err) {
			gone, err = desk.Fail(desk.NotFound, "media_expired", "the account was disconnected"), nil
		}
		return err
	})
	if err != nil || gone != nil || w.file.ID == 0 {
		return w, errors.Join(err, gone)
	}
	ch, err := md.Channels.Find(w.acct.Kind)
	if err != nil {
		return w, err
	}
	var ok bool
	if w.fetcher, ok = ch.(channel.Fetcher); !ok {
		return w, desk.Fail(desk.NotFound, "media_expired", "this channel hands no files over")
	}
	return w, nil
}

// account is a channel account with what it takes to call its provider.
func account(r *store.Rx, id desk.ID) (channel.Account, error) {
	acct, err := r.Account(id)
	if err != nil {
		return channel.Account{}, err
	}
	card, err := r.Card(id)
	if err != nil {
		return channel.Account{}, err
	}
	secrets, err := r.Secrets(id)
	return channel.Account{Account: acct, Details: card.Details, Secrets: secrets}, err
}

// ask reads the file, outside any transaction.
func (md *Media) ask(ctx context.Context, w wanted) (desk.Media, error) {
	ctx, cancel := clock.WithTimeout(ctx, md.DB.Clock(), fetchTime)
	defer cancel()
	t := md.take(ctx, w.file)
	defer t.drop()
	got, err := w.fetcher.Fetch(ctx, w.acct, w.ref, desk.MaxFile, t)
	switch {
	case t.err != nil: // ours: no room, too large
		return w.file, t.err
	case err != nil && ctx.Err() != nil:
		return w.file, desk.Fail(desk.Unavailable, "unreachable", "the channel was too slow")
	case err != nil:
		return w.file, err
	}
	if t.file.Mime == "" && !t.told {
		t.file.Mime = got.Mime
	}
	return t.keep()
}

// here notes a file that was read; one that was taken back meanwhile is not kept.
func (md *Media) here(ctx context.Context, job *flow.Job, item flow.Item, got desk.Media) error {
	late := false
	err := md.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error {
		was, err := tx.LockMedia(got.ID)
		if late = desk.IsNotFound(err) || err == nil && was.State != desk.MediaWaiting; late {
			return errors.Join(tx.LetBlobGo(got.Blob), job.Finish(tx, item))
		}
		if err != nil {
			return err
		}
		if err := tx.SaveMedia(was, got); err != nil {
			return err
		}
		return md.changed(tx, job, item)
	})
	if late && err == nil {
		return md.drop(ctx, item.Workspace)
	}
	return err
}

func (md *Media) changed(tx *store.Tx, job *flow.Job, item flow.Item) error {
	if err := md.Flow.Emit(tx, desk.Event{Kind: desk.MessageChanged, Conversation: item.Conversation, Message: item.Message}); err != nil {
		return err
	}
	return job.Finish(tx, item)
}

// failed lets the file rest and asks again, or notes why it will not come.
func (md *Media) failed(ctx context.Context, job *flow.Job, item flow.Item, why error) error {
	tries := item.Seq + 1
	pause := rest(why, tries)
	if r := reasonOf(why); r == "disk_full" || r == unchecked { // no fault of the channel's: it is asked again until there is room, and a scanner
		tries, pause = item.Seq, time.Minute
	}
	md.Log.WarnContext(ctx, "a file was not fetched", "workspace", item.Workspace, "media", item.Object, "try", tries, "reason", reasonOf(why))
	return md.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error {
		if passes(why) && tries < fetchTries {
			if err := job.Finish(tx, item); err != nil {
				return err
			}
			again := flow.Item{Kind: FetchWork, Key: item.Key, Object: item.Object, Conversation: item.Conversation, Message: item.Message, Seq: tries}
			return md.Flow.Add(tx, again, flow.After(pause))
		}
		was, err := tx.LockMedia(item.Object)
		if desk.IsNotFound(err) || err == nil && was.State != desk.MediaWaiting {
			return job.Finish(tx, item)
		}
		if err != nil {
			return err
		}
		now := was
		now.State, now.Reason = desk.MediaFailed, reasonOf(why)
		if desk.CodeOf(why) == desk.NotFound {
			now.State = desk.MediaGone
		}
		if err := tx.SaveMedia(was, now); err != nil {
			return err
		}
		if isFull(why) {
			if err := md.tellFull(tx); err != nil {
				return err
			}
		}
		return md.changed(tx, job, item)
	})
}

// passes reports whether asking again may help. A refused token may: somebody
// connects the account again, and what WhatsApp holds waits for a week.
func passes(err error) bool {
	var e *desk.Error
	return !errors.As(err, &e) || e.Retry || e.Code == desk.Unauthenticated
}

// reasonOf is the key of the words for a failure.
func reasonOf(err error) string {
	var e *desk.Error
	if errors.As(err, &e) && e.Reason != "" && channel.Words("en", e.Reason) != "" {
		return e.Reason
	}
	return "media_unreadable"
}

// rest is how long a file rests after its n-th failure: longer each time, and as
// long as the channel asks.
func rest(why error, n int64) time.Duration {
	d := firstRest
	for range n - 1 {
		d = min(2*d, lastRest)
	}
	return max(d, channel.After(why))
}
