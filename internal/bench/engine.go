package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/id"
	"parley/internal/kit/secret"
	"parley/internal/store"
	"parley/internal/vault"
	"parley/test/pgtest"
)

// say tells a person how far a bench is.
func (o Options) say(format string, args ...any) { _, _ = fmt.Fprintf(o.Log, format+"\n", args...) }

func (o Options) withDefaults(conversations, messages int) Options {
	if o.Engine == "" {
		o.Engine = "sqlite"
	}
	if o.Conversations == 0 {
		o.Conversations = conversations
	}
	if o.Messages == 0 {
		o.Messages = messages
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	return o
}

// install is a throw-away install: a store with one workspace and one channel.
type install struct {
	*store.DB
	opt     Options
	clk     clock.Clock
	ids     *id.Gen
	root    vault.Root
	rootKey [32]byte // what root is made of
	dir     string
	keys    *store.KeyStore
	server  *pgtest.Server
	url     string

	ws   store.Handle
	acct desk.ID
}

// newInstall seeds an install on SQLite, which is fastest, without a flush per
// commit; for PostgreSQL it moves it over as `parley migrate --to` does.
func newInstall(ctx context.Context, opt Options, seed func(context.Context, *install) error) (*install, error) {
	in := &install{opt: opt, clk: clock.Real{}, dir: opt.Dir, rootKey: [32]byte(secret.Random(32))}
	in.root = vault.NewRoot(in.rootKey)
	if in.dir == "" {
		dir, err := os.MkdirTemp("", "parley-bench")
		if err != nil {
			return nil, err
		}
		in.dir = dir
	}
	if opt.clock != nil {
		in.clk = opt.clock
	}
	in.ids = id.New(in.clk, 0)
	err := in.open(ctx, true)
	if err == nil {
		err = in.found(ctx)
	}
	began := clock.Real{}.Now() // a bench may move its own
	if err == nil {
		err = seed(ctx, in)
	}
	if err == nil {
		opt.say("seeded in %v", clock.Real{}.Since(began).Round(time.Millisecond))
		err = in.shut()
	}
	if err == nil && opt.Engine == "postgres" {
		err = in.move(ctx)
	}
	if err == nil {
		err = in.open(ctx, false)
	}
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

func (in *install) open(ctx context.Context, bulk bool) error {
	var err error
	if bulk {
		in.keys, err = store.OpenBulkKeys(ctx, in.dir)
	} else {
		in.keys, err = store.OpenKeys(ctx, in.url, in.dir)
	}
	if err != nil {
		return err
	}
	custody, err := vault.NewFileCustody(filepath.Join(in.dir, "custody"))
	if err != nil {
		return err
	}
	v, err := vault.New(ctx, vault.Options{Keys: in.keys, Custody: custody, Root: in.root, Clock: in.clk, NewID: in.ids.Next})
	if err != nil {
		return err
	}
	in.DB, err = store.Open(ctx, store.Config{URL: in.url, Dir: in.dir, Clock: in.clk, NewID: in.ids.Next, Vault: v, Bulk: bulk})
	if err == nil && in.ws.Workspace() != 0 {
		in.ws = in.In(in.ws.Workspace())
	}
	return err
}

// found makes the workspace and its channel.
func (in *install) found(ctx context.Context) error {
	in.ws = in.In(in.NewID())
	return in.ws.Write(ctx, func(tx *store.Tx) error {
		in.acct = tx.NewID()
		return errors.Join(
			tx.InsertWorkspace(desk.Workspace{Name: "Bench", Locale: "en", Mode: desk.ModeAutopilot}),
			tx.InsertAccount(desk.Account{ID: in.acct, Workspace: in.ws.Workspace(), Kind: "widget", OutsideID: "pk_bench",
				Name: "Bench", State: desk.AccountActive, Settings: []byte("{}"), ConnectedAt: tx.Now()}))
	})
}

func (in *install) move(ctx context.Context) error {
	var err error
	if in.server, err = pgtest.Start(ctx, pgtest.Options{Durable: true}); err != nil {
		return err
	}
	in.opt.say("PostgreSQL started with fsync on and 512 MB of buffers")
	in.url = in.server.URL("postgres")
	began := in.clk.Now()
	moved, err := store.CopyTo(ctx, store.Move{Dir: in.dir, URL: in.url, Clock: in.clk})
	if err != nil {
		return fmt.Errorf("move to PostgreSQL: %w", err)
	}
	rows := int64(0)
	for _, m := range moved {
		rows += m.Rows
	}
	in.opt.say("moved %d rows of %d tables to PostgreSQL in %v", rows, len(moved), in.clk.Since(began).Round(time.Millisecond))
	return in.server.Settle(ctx, "postgres")
}

func (in *install) shut() error {
	var errs []error
	if in.DB != nil {
		errs = append(errs, in.DB.Close())
		in.DB = nil
	}
	if in.keys != nil {
		errs = append(errs, in.keys.Close())
		in.keys = nil
	}
	return errors.Join(errs...)
}

// Close ends the install and removes what it made.
func (in *install) Close() error {
	err := in.shut()
	if in.server != nil {
		err = errors.Join(err, in.server.Stop())
	}
	if in.opt.Dir == "" {
		err = errors.Join(err, os.RemoveAll(in.dir))
	}
	return err
}

// person adds a contact with a conversation.
func (in *install) person(tx *store.Tx, name string) (store.Row, error) {
	c := desk.Contact{ID: tx.NewID(), Name: name, Email: "someone@example.com"}
	conv := desk.Conversation{ID: tx.NewID(), Contact: c.ID, Account: in.acct, State: desk.Open,
		Owner: desk.Owner{Kind: desk.OwnedByAI}, Engagement: 1}
	err := errors.Join(tx.InsertContact(c),
		tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: c.ID, Account: in.acct, Kind: "visitor", Value: name}),
		tx.InsertConversation(conv))
	if err != nil {
		return store.Row{}, err
	}
	return tx.LockConversation(conv.ID)
}

// line is a message from the contact.
func line(text string) desk.Message {
	return desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact}, Kind: desk.KindText,
		Body: desk.Body(text), Status: desk.StatusDelivered}
}

// batches runs fn for 0…n-1, many to a transaction.
func (in *install) batches(ctx context.Context, n int, fn func(tx *store.Tx, i int) error) error {
	const size = 500
	for from := 0; from < n; from += size {
		err := in.ws.Write(ctx, func(tx *store.Tx) error {
			for i := from; i < min(n, from+size); i++ {
				if err := fn(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// rounds is how often a thing is measured; fewer in a small trial.
func (in *install) rounds() int { return min(300, max(in.opt.Conversations, in.opt.Messages)/5) }

// times measures fn n times.
func (in *install) times(n int, fn func(i int) error) (sample, error) {
	all := make(sample, 0, n)
	for i := range n {
		began := in.clk.Now()
		if err := fn(i); err != nil {
			return nil, err
		}
		all = append(all, in.clk.Since(began))
	}
	return all, nil
}

// sample is a number of durations.
type sample []time.Duration

// at is the duration that a share of the sample does not exceed, in ms.
func (s sample) at(share float64) float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return millis(sorted[min(len(sorted)-1, int(share*float64(len(sorted))))])
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// report gives a bench's figures their engine.
type report struct {
	bench, engine string
	figures       []Figure
}

func (r *report) add(metric string, value float64, unit string, bound float64) {
	f := figure(r.bench, metric, value, unit, bound)
	f.Engine = r.engine
	r.figures = append(r.figures, f)
}

// spread adds p50 and p99 of a sample; the bound is for p99.
func (r *report) spread(what string, s sample, bound float64) {
	if len(s) == 0 { // it was broken off, and its error says so
		return
	}
	r.add(what+", p50", s.at(0.50), "ms", 0)
	r.add(what+", p99", s.at(0.99), "ms", bound)
}
