package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sort"
	"strings"
	"sync"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

const (
	searchMessages = 1_000_000
	searchTalks    = 1_000
	searchWords    = 12     // terms of a message
	vocabulary     = 60_000 // different words
	searchNewest   = 30
	searchBound    = 20 // ms

	lagRate  = 500 // messages a second
	lagTicks = 500 // of 20 ms
	lagBound = 2_000
)

// Search measures searching a large workspace by one to four words, common and
// rare, and how far the search index lags behind a steady stream of messages.
func Search(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(searchTalks, searchMessages)
	v := newVocabulary(vocabulary)
	talks := make([]store.Row, 0, opt.Conversations)
	in, err := newInstall(ctx, opt, func(ctx context.Context, in *install) (err error) {
		talks, err = in.seedMessages(ctx, v, talks)
		return err
	})
	if err != nil {
		return nil, err
	}
	r := &report{bench: "search", engine: opt.Engine}
	err = errors.Join(in.measureSearch(ctx, r, v), in.measureLag(ctx, r, v, talks))
	return r.figures, errors.Join(err, in.Close())
}

// dice are numbers that look random and are the same in every run.
type dice uint64

func (d *dice) next() uint64 {
	*d += 0x9E3779B97F4A7C15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

// words is a vocabulary used as people use words: the n-th most common one
// about 1/n as often as the first (Zipf).
type words struct {
	dice
	sum []float64
}

func newVocabulary(n int) *words {
	v := &words{dice: 1, sum: make([]float64, n)}
	total := 0.0
	for i := range v.sum {
		total += math.Pow(float64(i)+2.5, -1.05)
		v.sum[i] = total
	}
	return v
}

// message draws different words.
func (v *words) message() []string {
	said := make([]string, 0, searchWords)
	seen := map[int]bool{}
	for len(said) < searchWords {
		x := float64(v.next()>>11) / (1 << 53) * v.sum[len(v.sum)-1]
		if rank := sort.SearchFloat64s(v.sum, x); !seen[rank] {
			seen[rank] = true
			said = append(said, word(rank))
		}
	}
	return said
}

func word(rank int) string { return fmt.Sprint("w", rank) }

func (in *install) seedMessages(ctx context.Context, v *words, talks []store.Row) ([]store.Row, error) {
	err := in.batches(ctx, in.opt.Conversations, func(tx *store.Tx, i int) error {
		row, err := in.person(tx, fmt.Sprint("Person ", i))
		talks = append(talks, row)
		return err
	})
	const step = 5000
	for from := 0; err == nil && from < in.opt.Messages; from += step {
		err = in.ws.Write(ctx, func(tx *store.Tx) error {
			return in.seedStep(tx, v, talks, min(step, in.opt.Messages-from))
		})
		if from%100_000 == 0 {
			in.opt.say("%d messages", from)
		}
	}
	if err == nil {
		err = in.batches(ctx, len(talks), func(tx *store.Tx, i int) error { return tx.SaveConversation(talks[i]) })
	}
	return talks, err
}

func (in *install) seedStep(tx *store.Tx, v *words, talks []store.Row, n int) error {
	batch := make([]store.MessageTerms, n)
	for i := range batch {
		said := v.message()
		m := line(strings.Join(said, " "))
		m.ID = tx.NewID()
		if err := tx.AppendMessage(&talks[v.below(len(talks))], &m); err != nil {
			return err
		}
		batch[i] = store.MessageTerms{Message: m.ID, Terms: said}
	}
	return tx.IndexMessages(batch)
}

// band is a range of ranks.
type band struct {
	name     string
	from, to int
}

func (in *install) measureSearch(ctx context.Context, r *report, v *words) error {
	common, mid, rare := band{"common", 0, 50}, band{"mid", 50, 1000}, band{"rare", 1000, 40_000}
	var all sample
	for _, mix := range [][]band{{common}, {mid}, {rare}, {common, common}, {mid, common}, {mid, mid}, {rare, common},
		{common, common, common}, {mid, common, common}, {mid, mid, mid}, {common, common, common, common},
		{mid, mid, common, common}, {mid, mid, mid, mid}, {rare, mid, common, common}} {
		names := make([]string, len(mix))
		for i, b := range mix {
			names[i] = b.name
		}
		hits := 0
		s, err := in.times(in.rounds(), func(int) error {
			query := make([]string, len(mix))
			for i, b := range mix {
				query[i] = word(b.from + v.below(b.to-b.from))
			}
			n, err := in.search(ctx, query)
			hits += n
			return err
		})
		if err != nil {
			return err
		}
		if hits == 0 && len(mix) == 1 {
			return fmt.Errorf("%v finds nothing: the bench is broken", names)
		}
		r.spread(strings.Join(names, "+"), s, searchBound)
		all = append(all, s...)
	}
	r.spread("all of these", all, searchBound)
	return nil
}

// search finds the newest messages with all words and opens them.
func (in *install) search(ctx context.Context, query []string) (hits int, err error) {
	err = in.ws.Read(ctx, func(rx *store.Rx) error {
		ids, err := rx.SearchMessages(query, 0, searchNewest)
		if err == nil {
			_, err = rx.Messages(ids)
		}
		hits = len(ids)
		return err
	})
	return hits, err
}

// written is a message on its way to the index.
type written struct {
	id desk.ID
	at time.Time
}

// measureLag files messages at a steady rate, ten at a time, while what the
// inbox's index worker does runs beside it.
func (in *install) measureLag(ctx context.Context, r *report, v *words, talks []store.Row) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	waiting := make(chan []written, lagTicks)
	var wg sync.WaitGroup
	var failed error
	wg.Go(func() {
		defer close(waiting)
		failed = in.steadily(ctx, v, talks, waiting)
	})
	lags, err := in.indexAll(ctx, waiting)
	cancel()
	wg.Wait()
	if errors.Is(failed, context.Canceled) && err != nil {
		failed = nil
	}
	r.spread(fmt.Sprintf("index lag at %d messages/s", lagRate), lags, lagBound)
	return errors.Join(err, failed)
}

func (in *install) steadily(ctx context.Context, v *words, talks []store.Row, out chan<- []written) error {
	const each = 20 * time.Millisecond
	began := in.clk.Now()
	for tick := range min(lagTicks, in.opt.Messages/10) {
		if ahead := time.Duration(tick)*each - in.clk.Since(began); ahead > 0 {
			select {
			case <-in.clk.After(ahead):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		var some []written
		err := in.ws.Write(ctx, func(tx *store.Tx) error {
			some = some[:0]
			for range lagRate / 50 {
				row, err := tx.LockConversation(talks[v.below(len(talks))].ID)
				if err != nil {
					return err
				}
				m := line(strings.Join(v.message(), " "))
				if err := errors.Join(tx.AppendMessage(&row, &m), tx.SaveConversation(row)); err != nil {
					return err
				}
				some = append(some, written{m.ID, in.clk.Now()})
			}
			return nil
		})
		if err != nil {
			return err
		}
		out <- some
	}
	return nil
}

// indexAll indexes whatever waits, together, until nothing comes any more.
func (in *install) indexAll(ctx context.Context, waiting <-chan []written) (sample, error) {
	var lags sample
	for some := range waiting {
		for more := true; more; {
			select {
			case next, ok := <-waiting:
				some, more = append(some, next...), ok
			default:
				more = false
			}
		}
		if err := in.indexSome(ctx, some); err != nil {
			return nil, err
		}
		for _, m := range some {
			lags = append(lags, in.clk.Since(m.at))
		}
	}
	return lags, nil
}

func (in *install) indexSome(ctx context.Context, some []written) error {
	ids := make([]desk.ID, len(some))
	for i, w := range some {
		ids[i] = w.id
	}
	var batch []store.MessageTerms
	err := in.ws.Read(ctx, func(r *store.Rx) error {
		batch = batch[:0]
		messages, err := r.Messages(ids)
		if err != nil {
			return err
		}
		for _, m := range messages {
			batch = append(batch, store.MessageTerms{Message: m.ID, Terms: text.Terms(string(m.Body))})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return in.ws.Write(ctx, func(tx *store.Tx) error { return tx.IndexMessages(batch) })
}
