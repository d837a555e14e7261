package connect

import (
	"context"
	"encoding/json"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// LeaveWork is the kind of work that deletes the history of a disconnected
// account.
const LeaveWork = "leave"

// CertificateKeep is for how long a certificate is kept after it was signed.
const CertificateKeep = store.CertificateTerm

// What becomes of the conversations of a disconnected account.
const (
	KeepHistory   = "keep"
	DeleteHistory = "delete"
)

// Facts are what a certificate says. They name nobody and no account: who holds
// one knows whose it is by its number.
type Facts struct {
	Kind         string           `json:"kind"` // "disconnection"
	Number       desk.ID          `json:"number"`
	Workspace    desk.ID          `json:"workspace"`
	Channel      string           `json:"channel"`
	History      string           `json:"history"` // KeepHistory or DeleteHistory
	AskedAt      time.Time        `json:"asked_at"`
	DoneAt       time.Time        `json:"done_at,omitzero"`
	Unsubscribed bool             `json:"unsubscribed"` // the provider was told
	Deleted      map[string]int64 `json:"deleted"`      // counts, by what it was
	Kept         map[string]int64 `json:"kept"`
	Remains      []string         `json:"remains"` // what ends later or stays, by name
	Ledger       int64            `json:"ledger"`  // number of the act in the privacy ledger
	// The last backup from before is deleted by then.
	DataEnd time.Time `json:"last_data_backup_deleted_by,omitzero"`
}

// Remains of a disconnection, the names of Facts.Remains.
const (
	RemainsRecord  = "record"  // that it was disconnected, by whom and when
	RemainsShell   = "shell"   // a keyed hash, by which history is found again
	RemainsHistory = "history" // conversations, which are the business's
	RemainsHeld    = "held"    // what a legal hold keeps of some people
	RemainsBackups = "backups" // which end by themselves
	RemainsCopies  = "copies"  // that the operator makes beside them
	RemainsPages   = "pages"   // PostgreSQL overwrites deleted rows later, by itself; SQLite at once
)

// Certificate is what a disconnection deleted, signed once it is done.
type Certificate struct {
	ID      desk.ID
	Account desk.ID
	Facts   Facts
	Signed  json.RawMessage // audit.Proof; empty while the history is being deleted
	Opened  time.Time
	Done    time.Time // zero = not yet
}

// ReadCertificate reads what is kept of one.
func ReadCertificate(c store.Certificate) (Certificate, error) {
	out := Certificate{ID: c.ID, Account: c.Account, Signed: json.RawMessage(c.Signed), Opened: c.Opened, Done: c.Done}
	return out, json.Unmarshal(c.Facts, &out.Facts)
}

// Certificate returns one.
func (c *Connect) Certificate(ctx context.Context, ws, id desk.ID) (out Certificate, err error) {
	err = c.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		row, err := r.Certificate(id)
		if err != nil {
			return err
		}
		out, err = ReadCertificate(row)
		return err
	})
	return out, err
}

// Disconnect unsubscribes at the provider, destroys the tokens and what is known
// of the business, and leaves a shell by which history is found again, or deletes
// the history, too: then the certificate is signed once that is done. What
// arrives afterwards is dropped unread. A provider that does not answer keeps
// nobody: the tokens go all the same.
func (c *Connect) Disconnect(ctx context.Context, who Who, id desk.ID, history string) (Certificate, error) {
	if history != KeepHistory && history != DeleteHistory {
		return Certificate{}, desk.Fail(desk.Invalid, "history", "say whether its conversations stay: keep or delete")
	}
	ws := who.Workspace
	acct, _, err := c.opened(ctx, ws, id)
	if err != nil {
		return Certificate{}, err
	}
	ch, err := c.Channels.Find(acct.Kind)
	if err != nil {
		return Certificate{}, err
	}
	if len(ch.Info().Ways) == 0 {
		return Certificate{}, desk.Fail(desk.Invalid, "not_connected", "this channel is no account at a provider; remove it instead")
	}
	facts := Facts{Kind: "disconnection", Number: c.DB.NewID(), Workspace: ws, Channel: acct.Kind, History: history, Kept: map[string]int64{}}
	if s, ok := ch.(channel.Subscriber); ok && len(acct.Secrets) > 0 { // without a token nobody would listen
		err := c.unsubscribe(ctx, s, acct)
		if facts.Unsubscribed = err == nil; err != nil {
			c.Log.Warn("the provider could not be told that an account was disconnected", "workspace", ws, "account", id, "reason", reason(err))
		}
	}
	if facts.Ledger, err = c.Ledger.Begin(ctx, ws, acct.Account); err != nil {
		return Certificate{}, err
	}
	if err := c.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return c.leave(tx, who, acct, &facts) }); err != nil {
		return Certificate{}, err
	}
	c.Door.Forget(acct.Kind, acct.OutsideID)
	if history == KeepHistory { // nothing is left to wait for; the work is for a crash at this point
		if err := c.sign(ctx, ws, facts.Number, nil); err != nil {
			return Certificate{}, err
		}
	}
	return c.Certificate(ctx, ws, facts.Number)
}

// leave is the transaction that disconnects.
func (c *Connect) leave(tx *store.Tx, who Who, acct channel.Account, facts *Facts) error {
	left := "left:" + acct.ID.String() // nobody finds it again: connecting anew must not meet what is being deleted
	if facts.History == KeepHistory {
		var err error
		if left, err = tx.ShellID(acct.Kind, acct.OutsideID); err != nil {
			return err
		}
	}
	if err := tx.MoveAccount(acct.ID, left); err != nil {
		return err
	}
	if _, err := tx.ChangeAccount(acct.ID, func(a *desk.Account) error {
		a.State, a.Name, a.Settings = desk.AccountGone, "", json.RawMessage("{}")
		return nil
	}); err != nil {
		return err
	}
	secrets, err := tx.DropConnection(acct.ID)
	if err != nil {
		return err
	}
	if _, err := tx.DropArrivals(acct.ID); err != nil {
		return err
	}
	held, err := tx.History(acct.ID)
	if err != nil {
		return err
	}
	facts.AskedAt = tx.Now()
	facts.count(acct, secrets, held)
	if c.DB.Engine() == "postgres" {
		facts.Remains = append(facts.Remains, RemainsPages)
	}
	if err := c.Flow.Add(tx, flow.Item{Kind: LeaveWork, Key: acct.ID, Object: facts.Number}); err != nil {
		return err
	}
	body, err := json.Marshal(facts)
	if err != nil {
		return err
	}
	if err := tx.AddCertificate(store.Certificate{ID: facts.Number, Account: acct.ID, Facts: body}); err != nil {
		return err
	}
	return c.changed(tx, who.Actor, "channel.disconnect", acct.ID)
}

// count says what goes, what stays, and what ends later.
func (f *Facts) count(acct channel.Account, secrets int64, held store.History) {
	f.Deleted = map[string]int64{"accounts": 1, "tokens": secrets}
	if acct.Details.PhoneNumberID != "" {
		f.Deleted["phone_numbers"] = 1
	}
	counts := map[string]int64{"conversations": int64(held.Conversations), "messages": int64(held.Messages)}
	if held.Files > 0 {
		counts["files"] = int64(held.Files)
	}
	f.Remains = []string{RemainsRecord, RemainsBackups, RemainsCopies}
	if f.History == KeepHistory {
		f.Kept = counts
		f.Remains = append(f.Remains, RemainsShell, RemainsHistory)
		return
	}
	for name, n := range counts {
		f.Deleted[name] = n
	}
	f.Deleted["contacts"] = int64(held.Contacts)
}

// sign ends a disconnection: what was deleted is overwritten, the ledger says so,
// and the certificate is signed, once. job, where there is one, is finished with
// it.
func (c *Connect) sign(ctx context.Context, ws, id desk.ID, job *flow.Job) error {
	cert, err := c.Certificate(ctx, ws, id)
	if err != nil {
		return err
	}
	if err := c.DB.Scrub(ctx); err != nil {
		return err
	}
	if err := c.Ledger.End(ctx, cert.Facts.Ledger); err != nil {
		return err
	}
	if cert.Facts.History == DeleteHistory {
		if err := c.held(ctx, ws, cert.Account, &cert.Facts); err != nil {
			return err
		}
	}
	cert.Facts.DoneAt = c.DB.Clock().Now().UTC()
	cert.Facts.DataEnd = cert.Facts.DoneAt.Add(c.BackupTerm)
	body, err := json.Marshal(cert.Facts)
	if err != nil {
		return err
	}
	signed, err := c.Signer.SignDocument(ctx, body)
	if err != nil {
		return err
	}
	return c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.SignCertificate(id, body, signed); err != nil {
			return err
		}
		if job == nil {
			return nil
		}
		if err := job.Finish(tx); err != nil {
			return err
		}
		return c.Flow.Emit(tx, desk.Event{Kind: desk.ChannelChanged, Object: job.Items[0].Key})
	})
}

// held moves what is still there once everything else was deleted to what is kept:
// a legal hold comes before any deletion.
func (c *Connect) held(ctx context.Context, ws, account desk.ID, f *Facts) error {
	var left store.History
	err := c.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { left, err = r.History(account); return err })
	if err != nil || left == (store.History{}) {
		return err
	}
	for name, n := range map[string]int{"contacts": left.Contacts, "conversations": left.Conversations, "messages": left.Messages, "files": left.Files} {
		if n > 0 {
			f.Kept[name] = int64(n)
			f.Deleted[name] -= int64(n)
		}
	}
	f.Remains = append(f.Remains, RemainsHeld)
	return nil
}

// SweepCertificates forgets certificates whose term is over.
func (c *Connect) SweepCertificates(ctx context.Context) error {
	return c.inWorkspaces(ctx, func(ws desk.ID) error {
		return c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
			_, err := tx.DropCertificates(tx.Now().Add(-CertificateKeep))
			return err
		})
	})
}

// Handlers deletes what came by accounts that were disconnected with their
// history, and turns deliveries off and on with the workspace.
func (c *Connect) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: HeedWork, Workers: 1, Timeout: 5 * time.Minute, Run: c.heed}, {Kind: LeaveWork, Workers: 1, Timeout: 30 * time.Minute, Run: c.forget}}
}

// forgetStep is how many contacts are looked up together.
const forgetStep = 50

// forget deletes the history of an account that was disconnected with it, and
// signs; it may begin anew after a crash.
func (c *Connect) forget(ctx context.Context, j *flow.Job) error {
	ws, account := j.Items[0].Workspace, j.Items[0].Key
	cert, err := c.Certificate(ctx, ws, j.Items[0].Object)
	if err != nil && !desk.IsNotFound(err) {
		return err
	}
	if err != nil || !cert.Done.IsZero() {
		return c.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
	}
	if cert.Facts.History == DeleteHistory {
		if err := c.Eraser.Resume(ctx); err != nil { // what a crash left half-way
			return err
		}
		if err := c.forgetAll(ctx, ws, account); err != nil {
			return err
		}
	}
	return c.sign(ctx, ws, cert.ID, j)
}

func (c *Connect) forgetAll(ctx context.Context, ws, account desk.ID) error {
	anyHeld := false
	for last := desk.ID(0); ; {
		var some []desk.ID
		err := c.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
			some, err = r.WroteTo(account, last, forgetStep)
			return err
		})
		if err != nil {
			return err
		}
		for _, contact := range some {
			held, err := c.forgetOne(ctx, ws, account, contact)
			if err != nil {
				return err
			}
			last, anyHeld = contact, anyHeld || held
		}
		if len(some) == 0 {
			break
		}
	}
	if anyHeld { // their conversations came by it
		return nil
	}
	return c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteAccount(account); !desk.IsNotFound(err) {
			return err
		}
		return nil
	})
}

// forgetOne erases a contact who is known by this account alone, and of others
// what came by it; of who is under a legal hold nothing.
func (c *Connect) forgetOne(ctx context.Context, ws, account, contact desk.ID) (held bool, err error) {
	elsewhere := false
	err = c.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		if held, err = r.UnderHold(contact); err == nil {
			elsewhere, err = r.WroteElsewhere(contact, account)
		}
		return err
	})
	if err != nil || held {
		return held, err
	}
	if !elsewhere {
		return false, c.Eraser.Forget(ctx, ws, contact)
	}
	if err := c.Eraser.ForgetAt(ctx, ws, contact, account); err != nil {
		return true, unlessHeld(err)
	}
	return false, c.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return tx.ErasePlace(contact, account) })
}

// unlessHeld: a hold that came meanwhile keeps what it finds.
func unlessHeld(err error) error {
	if desk.CodeOf(err) == desk.Conflict {
		return nil
	}
	return err
}
