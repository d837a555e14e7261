package privacy

import (
	"context"
	"encoding/json"
	"errors"

	"parley/internal/desk"
	"parley/internal/store"
)

// ActTalk is the deletion of one conversation in the privacy ledger.
const ActTalk = "delete_conversation"

// LedgerTalk is the use of the keyed hash by which the ledger knows a
// conversation.
const LedgerTalk = "ledger/conversation"

// TalkKind is the kind of ErasureFacts that certify the deletion of one
// conversation.
const TalkKind = "conversation"

// PreviewTalk counts what DeleteTalk would remove; a conversation that is not
// there is desk.NotFound.
func (e *Eraser) PreviewTalk(ctx context.Context, ws, talk desk.ID) (held store.Holdings, err error) {
	if err := resolved(ws, talk); err != nil {
		return held, err
	}
	err = e.db.In(ws).Read(ctx, func(r *store.Rx) error {
		if _, err := r.Conversation(talk); err != nil {
			return err
		}
		held, err = r.TalkHoldings(talk)
		return err
	})
	return held, err
}

// DeleteTalk deletes one conversation with its files and all that was made of it;
// its person stays, unless it is all there was of a chat that the visitor did not
// want kept. After the entry in the ledger a crash is finished by Resume. No key
// ends with it: the certificate promises the end of the last backup of data.
func (e *Eraser) DeleteTalk(ctx context.Context, ws, talk desk.ID, by desk.Actor) (Erased, error) {
	if err := resolved(ws, talk); err != nil {
		return Erased{}, err
	}
	err := e.db.In(ws).Read(ctx, func(r *store.Rx) error {
		row, err := r.Conversation(talk)
		if err == nil {
			err = free(r, row.Contact)
		}
		return err
	})
	if err != nil {
		return Erased{}, err
	}
	if _, err := e.by.DocumentKey(ctx); err != nil { // before what cannot be undone
		return Erased{}, err
	}
	no, err := e.enterTalk(ctx, ws, talk)
	if err != nil {
		return Erased{}, err
	}
	return e.beginTalk(ctx, ws, talk, deletion{no, by})
}

// enterTalk enters the deletion of one conversation in the privacy ledger.
func (e *Eraser) enterTalk(ctx context.Context, ws, talk desk.ID) (int64, error) {
	own, err := e.db.In(ws).Hash(ctx, LedgerTalk, talk.String())
	if err != nil {
		return 0, err
	}
	return e.keys.AddLedger(ctx, store.LedgerEntry{Workspace: ws, Act: ActTalk, Subject: talk, Hashes: [][]byte{own}, At: e.db.Clock().Now()})
}

// deletion is an act of the ledger and who began it.
type deletion struct {
	no int64
	by desk.Actor
}

// beginTalk counts what a deletion is about to remove, says in the audit log who
// wanted it, and carries it out.
func (e *Eraser) beginTalk(ctx context.Context, ws, talk desk.ID, act deletion) (Erased, error) {
	var cert store.Certificate
	id := e.db.NewID()
	err := e.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		was, err := tx.CertificateOf(act.no)
		if !desk.IsNotFound(err) { // somebody else began it at the same time
			cert = was
			return err
		}
		held, err := tx.TalkHoldings(talk)
		if err != nil {
			return err
		}
		f := ErasureFacts{Kind: TalkKind, Number: act.no, Acts: []int64{act.no}, Workspace: ws, Deleted: held}
		if whose, err := unkept(&tx.Rx, talk); err != nil {
			return err
		} else if whose != 0 {
			f.Contacts = 1
		}
		body, err := json.Marshal(f)
		if err != nil {
			return err
		}
		if err := tx.AddCertificate(store.Certificate{ID: id, Act: act.no, Facts: body}); err != nil {
			return err
		}
		if cert, err = tx.CertificateOf(act.no); err != nil {
			return err
		}
		return e.by.Add(tx, act.by, "conversation.delete", talk)
	})
	if err != nil {
		return Erased{}, err
	}
	return e.carryTalk(ctx, cert, talk)
}

// carryTalk removes a conversation whose certificate is open and signs that; each
// step may run again.
func (e *Eraser) carryTalk(ctx context.Context, cert store.Certificate, talk desk.ID) (Erased, error) {
	var f ErasureFacts
	if err := json.Unmarshal(cert.Facts, &f); err != nil {
		return Erased{}, err
	}
	if err := e.carryTalkOff(ctx, f, talk); err != nil {
		return Erased{}, err
	}
	if err := e.sign(ctx, cert, f); err != nil {
		return Erased{}, err
	}
	if err := e.keys.FinishLedger(ctx, f.Number, e.db.Clock().Now()); err != nil {
		return Erased{}, err
	}
	return e.erased(ctx, f.Workspace, f.Number)
}

// carryTalkOff removes the conversation of a deletion; without a talk it must have
// been removed before.
func (e *Eraser) carryTalkOff(ctx context.Context, f ErasureFacts, talk desk.ID) error {
	if talk == 0 {
		return e.carryOne(ctx, f.Workspace, f.Number, 0)
	}
	if f.Contacts > 0 {
		if err := e.endUnkept(ctx, f.Workspace, talk); err != nil {
			return err
		}
	}
	return e.removeTalk(ctx, f.Workspace, talk, heldTalk)
}

// heldTalk reports whether a legal hold keeps what is left of a conversation.
func heldTalk(tx *store.Tx, talk desk.ID) (bool, error) { return tx.TalkHeld(talk) }

// unkept is the contact of a chat that its visitor did not want kept, where the
// conversation is all that there is of them: nothing else would end them. 0 = none.
func unkept(r *store.Rx, talk desk.ID) (desk.ID, error) {
	row, err := r.Conversation(talk)
	if err != nil || row.EraseAt.IsZero() {
		return 0, err
	}
	all, err := r.ConversationsWith(row.Contact, 2)
	if len(all) != 1 {
		return 0, err
	}
	return row.Contact, err
}

func (e *Eraser) endUnkept(ctx context.Context, ws, talk desk.ID) error {
	var whose desk.ID
	err := e.db.In(ws).Read(ctx, func(r *store.Rx) (err error) { whose, err = unkept(r, talk); return err })
	if desk.IsNotFound(err) || err == nil && whose == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	return e.Forget(ctx, ws, whose)
}

// removeTalk takes a conversation off every list and deletes it in small steps,
// each of which a legal hold stops.
func (e *Eraser) removeTalk(ctx context.Context, ws, talk desk.ID, held func(*store.Tx, desk.ID) (bool, error)) error {
	h := e.db.In(ws)
	step := func(do func(*store.Tx) error) error {
		return h.Write(ctx, func(tx *store.Tx) error {
			kept, err := held(tx, talk)
			if err == nil && kept {
				err = errHold
			}
			if err != nil {
				return err
			}
			return do(tx)
		})
	}
	if err := step(func(tx *store.Tx) error { return tx.CloseTalk(talk) }); err != nil {
		return err
	}
	for done := false; !done; {
		if err := step(func(tx *store.Tx) (err error) { done, err = tx.EndTalk(talk); return err }); err != nil {
			return err
		}
	}
	return e.db.Scrub(ctx)
}

// AgainTalk deletes a conversation whose deletion the ledger has already, in data
// that was restored from before it.
func (e *Eraser) AgainTalk(ctx context.Context, ws, talk desk.ID) error {
	if err := resolved(ws, talk); err != nil {
		return err
	}
	return e.removeTalk(ctx, ws, talk, func(*store.Tx, desk.ID) (bool, error) { return false, nil })
}

// resumeTalk finishes the deletion of a conversation. What a legal hold keeps by
// now waits for its release.
func (e *Eraser) resumeTalk(ctx context.Context, talk desk.ID, cert store.Certificate) error {
	_, err := e.carryTalk(ctx, cert, talk)
	if errors.Is(err, errHold) {
		return nil
	}
	return err
}

// resumeTalkBegun finishes a deletion of which only the ledger knows.
func (e *Eraser) resumeTalkBegun(ctx context.Context, ws desk.ID, no int64, talk desk.ID) error {
	_, err := e.PreviewTalk(ctx, ws, talk)
	if desk.IsNotFound(err) { // it is closed, or ended otherwise meanwhile
		if err = e.removeTalk(ctx, ws, talk, heldTalk); err == nil {
			return e.keys.FinishLedger(ctx, no, e.db.Clock().Now())
		}
	} else if err == nil {
		_, err = e.beginTalk(ctx, ws, talk, deletion{no, desk.Actor{Kind: desk.BySystem, Name: "resumed"}})
	}
	if errors.Is(err, errHold) {
		return nil
	}
	return err
}
