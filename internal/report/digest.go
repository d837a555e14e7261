package report

import (
	"context"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// DigestTick is how often it is looked whose counts are due by mail.
const DigestTick = 5 * time.Minute

const (
	digestStep = 100                // members looked at in one transaction
	digestGaps = 1000               // gaps counted at most
	digestLast = 8 * 24 * time.Hour // nobody's next time is further away
)

// Letters sends mails to members.
type Letters interface {
	On() bool // this install has a mail server
	Queue(tx *store.Tx, l desk.Letter) error
}

// Digests mails counts to the members who want them and whose time has come. The
// letter and its member's next time are rows of one transaction, so that a crash
// neither loses one nor sends it twice; a machine that was off sends one and not
// those that it missed; one whose clock was turned back sets the times anew.
func (r *Report) Digests(ctx context.Context) error {
	if r.Letters == nil || !r.Letters.On() {
		return nil
	}
	all, err := r.DB.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range all {
		for more := true; more; {
			if more, err = r.digestsOf(ctx, ws.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// digestsOf writes to some members of a workspace; more says that others may be
// due.
func (r *Report) digestsOf(ctx context.Context, ws desk.ID) (more bool, err error) {
	now := r.DB.Clock().Now()
	var due []store.DueDigest
	err = r.DB.In(ws).Read(ctx, func(rx *store.Rx) (err error) {
		due, err = rx.DueDigests(now, now.Add(digestLast), digestStep)
		return err
	})
	if err != nil || len(due) == 0 {
		return false, err
	}
	return len(due) == digestStep, r.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		now := tx.Now()
		w, err := tx.Settings()
		if err != nil {
			return err
		}
		zone, err := digestZone(&tx.Rx)
		if err != nil {
			return err
		}
		again, err := tx.DueDigests(now, now.Add(digestLast), digestStep)
		if err != nil {
			return err
		}
		for _, d := range again {
			if d.At.After(now) || w.Suspended || w.Closed() {
				err = tx.SetDigest(d.Member, d.Every, d.Every.Next(now, zone))
			} else {
				err = r.digest(tx, w, d, zone)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *Report) digest(tx *store.Tx, w desk.Workspace, d store.DueDigest, zone *time.Location) error {
	if err := tx.SetDigest(d.Member, d.Every, d.Every.Next(tx.Now(), zone)); err != nil {
		return err
	}
	counts, err := digestOf(&tx.Rx, w, d, tx.Now())
	if err != nil || counts.Empty() {
		return err
	}
	about, err := counts.About()
	if err != nil {
		return err
	}
	return r.Letters.Queue(tx, desk.Letter{Member: d.Member, Kind: desk.LetterDigest, About: about})
}

// digestOf counts what a member's role may see: the inbox now, the assistant over
// the days before today.
func digestOf(rx *store.Rx, w desk.Workspace, d store.DueDigest, now time.Time) (out desk.Digest, err error) {
	out.Every = d.Every
	if desk.Can(d.Role, desk.ReadConversations) {
		views, err := rx.Counts(d.Member)
		if err != nil {
			return out, err
		}
		of := func(v store.View) *int { n := views[v]; return &n }
		out.Needs, out.Unassigned, out.Mine, out.Waiting = of(store.NeedsYou), of(store.Unassigned), of(store.Mine), of(store.Waiting)
	}
	if desk.Can(d.Role, desk.ReadReports) && !w.Limited {
		today := dayOf(now)
		all, err := rx.Tally(today-int64(d.Every.Days()), today-1)
		if err != nil {
			return out, err
		}
		figures := period(all, today-int64(d.Every.Days()), today-1).All
		answers, handed := int(figures[Answers]), int(figures[HandedOver])
		out.Answers, out.Handed = &answers, &handed
	}
	if desk.Can(d.Role, desk.WriteKnowledge) {
		gaps, err := rx.Gaps(store.GapOpen, time.Time{}, 0, digestGaps)
		if err != nil {
			return out, err
		}
		n := len(gaps)
		out.Gaps = &n
	}
	return out, nil
}

// digestZone is where the business's day begins: by its hours, else UTC.
func digestZone(rx *store.Rx) (*time.Location, error) {
	set, err := rx.AISettings()
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(set.Hours.Zone)
	if err != nil || set.Hours.Zone == "" || set.Hours.Zone == "Local" {
		return time.UTC, nil //nolint:nilerr // a zone that this machine does not know is no reason to write to nobody
	}
	return zone, nil
}

// ChooseDigest sets how often a member gets counts by mail. Errors: desk.Invalid
// "digest_unknown"; desk.Forbidden "no_counts" where their role may see none of
// them; desk.Conflict "no_mail".
func (r *Report) ChooseDigest(ctx context.Context, who desk.Member, every desk.DigestEvery) error {
	switch {
	case !every.Valid():
		return desk.Fail(desk.Invalid, "digest_unknown", "counts come daily, weekly or not at all")
	case every != desk.DigestOff && (r.Letters == nil || !r.Letters.On()):
		return desk.Fail(desk.Conflict, "no_mail", "this install sends no mail")
	case every != desk.DigestOff && !desk.Can(who.Role, desk.ReadConversations) && !desk.Can(who.Role, desk.ReadReports):
		return desk.Fail(desk.Forbidden, "no_counts", "your role may see none of what is counted")
	}
	return r.DB.In(who.Workspace).Write(ctx, func(tx *store.Tx) error {
		zone, err := digestZone(&tx.Rx)
		if err != nil {
			return err
		}
		return tx.SetDigest(who.ID, every, every.Next(tx.Now(), zone))
	})
}

// Digest tells how often a member gets counts by mail.
func (r *Report) Digest(ctx context.Context, who desk.Member) (every desk.DigestEvery, err error) {
	err = r.DB.In(who.Workspace).Read(ctx, func(rx *store.Rx) (err error) { every, err = rx.Digest(who.ID); return err })
	return every, err
}
