package backup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/internal/vault"
)

// Acts of the privacy ledger.
const (
	ActErase      = privacy.ActErase
	ActLeave      = "leave" // a member
	ActDisconnect = "disconnect"
	actLost       = "lost" // what it was nobody knows
)

// Uses of the keyed hashes by which the ledger knows what an act was about.
const (
	LedgerContact = privacy.LedgerContact
	LedgerTalk    = privacy.LedgerTalk
	LedgerClear   = privacy.LedgerClear
	LedgerMember  = "ledger/member"
	LedgerAccount = "ledger/account/" // and the channel
)

// lifted ends the name of an act that takes another back.
const lifted = "_lifted"

// flags are the acts that set something on a contact.
func flags(c *desk.Contact) map[string]*bool {
	return map[string]*bool{"restrict": &c.Restricted, "no_automation": &c.NoAutomation, "limit": &c.Limited,
		"object": &c.Objected, "limit_sensitive": &c.Sensitive, "freeze": &c.Frozen}
}

// Eraser erases a contact, or deletes a conversation, whose end the ledger has
// already.
type Eraser interface {
	Again(ctx context.Context, ws, contact desk.ID) error
	AgainTalk(ctx context.Context, ws, talk desk.ID) error
	AgainClear(ctx context.Context, ws, account desk.ID, at time.Time) (people, talks int, err error)
}

// Ender closes, takes back and purges whole workspaces as the ledger has it.
type Ender interface {
	Shut(ctx context.Context, ws desk.ID, at time.Time) error
	Open(ctx context.Context, ws desk.ID, at time.Time) error
	Again(ctx context.Context, purge store.LedgerEntry) (there bool, err error)
}

// Replay does the acts of the privacy ledger again, in data from before them.
type Replay struct {
	DB     *store.DB
	Keys   *store.KeyStore
	Eraser Eraser
	Ender  Ender
}

// Replayed says what was done again.
type Replayed struct {
	Acts         int `json:"acts"` // in the ledger
	Erased       int `json:"erased"`
	Left         int `json:"left"`
	Disconnected int `json:"disconnected"`
	Restricted   int `json:"restricted"`
	Ended        int `json:"ended"`   // whole workspaces
	Deleted      int `json:"deleted"` // conversations
}

// Run takes up the acts that the copy beside the backups has, and does every act
// again. gap says why it may not be all there was; "" when it is. It may run
// again.
func (p Replay) Run(ctx context.Context, ledger *Ledger) (out Replayed, gap string, err error) {
	kept, err := ledger.Read()
	if err != nil {
		return out, "", err
	}
	last, err := p.Keys.LastLedger(ctx)
	if err != nil {
		return out, "", err
	}
	if err := p.Keys.AdoptLedger(ctx, kept.Acts); err != nil {
		return out, "", err
	}
	acts, err := p.Keys.Ledger(ctx)
	if err != nil {
		return out, "", err
	}
	if gap = kept.Gap; gap == "" {
		gap = missing(acts, kept.Upto, last)
	}
	out.Acts = len(acts)
	// Whole workspaces first: nothing below may make a key for one that is gone.
	if err := p.whole(ctx, acts, &out); err != nil {
		return out, gap, err
	}
	all, err := p.DB.Workspaces(ctx)
	for _, ws := range all {
		if err != nil {
			break
		}
		err = p.in(ctx, ws.ID, acts, &out)
	}
	for _, e := range acts {
		if err == nil && !p.knows(e.Act) && gap == "" {
			gap = "act number " + fmt.Sprint(e.No) + " is of a kind that this program does not know: " + e.Act
		}
	}
	return out, gap, err
}

// whole does again what was done to whole workspaces: of closing and taking back
// the last counts, and a purge stays one.
func (p Replay) whole(ctx context.Context, acts []store.LedgerEntry, out *Replayed) error {
	last, purged := map[desk.ID]int64{}, map[desk.ID]int64{}
	for _, e := range acts {
		switch e.Act {
		case privacy.ActClose, privacy.ActReopen:
			last[e.Workspace] = e.No
		case privacy.ActPurge:
			purged[e.Workspace] = e.No
		}
	}
	for _, e := range acts {
		var err error
		switch {
		case last[e.Workspace] == e.No && e.Act == privacy.ActClose:
			err = p.Ender.Shut(ctx, e.Workspace, e.At)
		case last[e.Workspace] == e.No && e.Act == privacy.ActReopen:
			err = p.Ender.Open(ctx, e.Workspace, e.At)
		case purged[e.Workspace] == e.No:
			var there bool
			if there, err = p.Ender.Again(ctx, e); there {
				out.Ended++
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// missing says which acts nobody knows: numbers have no holes, the copy is not
// older than the key backup, and reaches as far as it says.
func missing(acts []store.LedgerEntry, upto, last int64) string {
	if upto < last {
		return fmt.Sprintf("the copy of the privacy ledger ends with act number %d, and the key backup knows number %d", upto, last)
	}
	next := int64(1)
	for _, e := range acts {
		if e.No != next {
			break
		}
		next++
	}
	if next <= upto {
		return fmt.Sprintf("act number %d is missing", next)
	}
	return ""
}

// knows: a correction is known and cannot be made again, because the ledger has
// no words; the record says whose it was.
func (p Replay) knows(act string) bool {
	var c desk.Contact
	_, flag := flags(&c)[strings.TrimSuffix(act, lifted)]
	return flag || slices.Contains([]string{ActErase, privacy.ActNameless, ActLeave, ActDisconnect, actLost, privacy.ActRectify, privacy.ActClose, privacy.ActReopen, privacy.ActPurge, privacy.ActTalk, privacy.ActClear, privacy.ActCleared}, act)
}

// Accept writes down which acts are lost, so that a restore that was confirmed
// once is not in doubt again at the next.
func (p Replay) Accept(ctx context.Context, ledger *Ledger) error {
	kept, err := ledger.Read()
	if err != nil {
		return err
	}
	acts, err := p.Keys.Ledger(ctx)
	if err != nil {
		return err
	}
	known, upto := map[int64]bool{}, kept.Upto
	for _, e := range acts {
		known[e.No], upto = true, max(upto, e.No)
	}
	var lost []store.LedgerEntry
	for no := int64(1); no <= upto; no++ {
		if !known[no] {
			lost = append(lost, store.LedgerEntry{No: no, Act: actLost, At: p.DB.Clock().Now()})
		}
	}
	return p.Keys.AdoptLedger(ctx, lost)
}

// wanted are the acts of one workspace by what they were about.
type wanted struct {
	erased   map[string]time.Time // the latest
	flags    map[string][]string  // in order
	left     map[string]bool
	accounts map[string]time.Time
	talks    map[string]time.Time
	clears   map[string]time.Time // that had not ended
}

func wants(ws desk.ID, acts []store.LedgerEntry) wanted {
	w := wanted{map[string]time.Time{}, map[string][]string{}, map[string]bool{}, map[string]time.Time{}, map[string]time.Time{}, map[string]time.Time{}}
	for _, e := range acts {
		if e.Workspace != ws {
			continue
		}
		for _, h := range e.Hashes {
			switch hash := string(h); e.Act {
			case ActErase, privacy.ActNameless: // of sums of days nothing is in the ledger
				w.erased[hash] = e.At
			case ActLeave:
				w.left[hash] = true
			case ActDisconnect:
				w.accounts[hash] = e.At
			case privacy.ActTalk:
				w.talks[hash] = e.At
			case privacy.ActClear:
				w.clears[hash] = e.At
			case privacy.ActCleared:
				delete(w.clears, hash)
			default:
				w.flags[hash] = append(w.flags[hash], e.Act)
			}
		}
	}
	return w
}

const replayStep = 200

func (p Replay) in(ctx context.Context, ws desk.ID, acts []store.LedgerEntry, out *Replayed) error {
	w := wants(ws, acts)
	h := p.DB.In(ws)
	for last := desk.ID(0); ; {
		var some []desk.Contact
		if err := h.Read(ctx, func(r *store.Rx) (err error) { some, err = r.EveryContact(last, replayStep); return err }); err != nil {
			return err
		}
		for _, c := range some {
			if err := p.contact(ctx, h, w, c, out); err != nil {
				return err
			}
			last = c.ID
		}
		if len(some) < replayStep {
			break
		}
	}
	return errors.Join(p.talks(ctx, h, w, out), p.clears(ctx, h, w, out), p.members(ctx, h, w, out), p.accounts(ctx, h, w, out))
}

// contact erases who was erased: known by the row, by an identity that they had
// then, or by a key that is gone. Of the others it sets what was asked.
func (p Replay) contact(ctx context.Context, h store.Handle, w wanted, c desk.Contact, out *Replayed) error {
	gone, err := p.gone(ctx, h, w, c)
	if err != nil {
		return err
	}
	if gone {
		out.Erased++
		return p.Eraser.Again(ctx, h.Workspace(), c.ID)
	}
	own, err := h.Hash(ctx, LedgerContact, c.ID.String())
	if err != nil || len(w.flags[string(own)]) == 0 {
		return err
	}
	return h.Write(ctx, func(tx *store.Tx) error {
		out.Restricted++
		_, err := tx.ChangeContact(c.ID, func(c *desk.Contact) error {
			for _, act := range w.flags[string(own)] {
				if flag := flags(c)[strings.TrimSuffix(act, lifted)]; flag != nil {
					*flag = !strings.HasSuffix(act, lifted)
				}
			}
			return nil
		})
		return err
	})
}

func (p Replay) gone(ctx context.Context, h store.Handle, w wanted, c desk.Contact) (bool, error) {
	missing, err := p.keyless(ctx, h.Workspace(), c.ID)
	if missing || err != nil {
		return missing, err
	}
	own, err := h.Hash(ctx, LedgerContact, c.ID.String())
	if err != nil || !w.erased[string(own)].IsZero() {
		return err == nil, err
	}
	var known []desk.Identity
	if err := h.Read(ctx, func(r *store.Rx) (err error) { known, err = r.Identities(c.ID); return err }); err != nil {
		return false, err
	}
	for _, i := range known {
		hash, err := h.LedgerHash(ctx, i.Account, desk.IdentityHint{Kind: i.Kind, Value: i.Value})
		if err != nil {
			return false, err
		}
		if at := w.erased[string(hash)]; !at.IsZero() && !c.CreatedAt.After(at) {
			return true, nil
		}
	}
	return false, nil
}

// keyless reports whether nothing about a subject opens any more.
func (p Replay) keyless(ctx context.Context, ws, subject desk.ID) (bool, error) {
	_, err := p.DB.Vault().KeyIfThere(ctx, vault.Ref{Workspace: int64(ws), Kind: vault.Subject, Of: int64(subject)})
	if errors.Is(err, vault.ErrNoKey) {
		return true, nil
	}
	return false, err
}

func (p Replay) members(ctx context.Context, h store.Handle, w wanted, out *Replayed) error {
	for last := desk.ID(0); ; {
		var some []desk.Member
		if err := h.Read(ctx, func(r *store.Rx) (err error) { some, err = r.Members(last, replayStep); return err }); err != nil {
			return err
		}
		for _, m := range some {
			last = m.ID
			missing, err := p.keyless(ctx, h.Workspace(), m.ID)
			if err != nil {
				return err
			}
			own, err := h.Hash(ctx, LedgerMember, m.ID.String())
			if err != nil {
				return err
			}
			if !missing && !w.left[string(own)] {
				continue
			}
			out.Left++
			if err := p.leave(ctx, h, m.ID); err != nil {
				return err
			}
		}
		if len(some) < replayStep {
			return nil
		}
	}
}

func (p Replay) leave(ctx context.Context, h store.Handle, member desk.ID) error {
	err := p.DB.Vault().Destroy(ctx, vault.Ref{Workspace: int64(h.Workspace()), Kind: vault.Subject, Of: int64(member)})
	if err != nil {
		return err
	}
	return h.Write(ctx, func(tx *store.Tx) error { return tx.EmptyMember(member) })
}
