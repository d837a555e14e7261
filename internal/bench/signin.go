package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/member"
	"parley/internal/store"
)

const (
	signinPairs    = 5
	signinAtOnce   = 50
	signinTries    = 200 // of each kind; at cost 12 a thousand would take half an hour
	signinRate     = 35  // a second, of the other route: within its own pace
	signinSeconds  = 6
	signinBound    = 2    // times the p99 without log-ins
	signinApart    = 0.05 // of the median of a known address
	signinCost     = 12
	signinPassword = "seventeen quiet herons at dusk"
)

// Signin measures what fifty people who sign in at once do to everybody else, and
// whether the time of a refusal tells who has an account. Passwords are hashed at
// cost 12, as in the product.
func Signin(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(signinPairs, signinTries)
	opt.limited, opt.cost, opt.proxied = true, cmp.Or(opt.cost, signinCost), true
	r := &report{bench: "signin", engine: opt.Engine}
	w, err := newWhole(ctx, opt)
	if err != nil {
		return nil, err
	}
	err = w.measureRush(ctx, r)
	if err == nil {
		err = w.measureTelling(ctx, r)
	}
	return r.figures, errors.Join(err, w.Close())
}

// people adds members of one kind and gives back their addresses.
func (w *whole) people(ctx context.Context, kind string, n int) ([]string, error) {
	var all []string
	for i := range n {
		email := fmt.Sprintf("%s%d@bench.example", kind, i)
		ws, m, err := w.Roster.Add(ctx, "Bench", member.Person{Name: kind, Email: email, Role: desk.RoleAgent, Password: signinPassword})
		if err == nil && kind == "off" {
			off := false
			_, err = w.Roster.Change(ctx, ws.ID, m.ID, member.Change{Active: &off}, desk.Actor{Kind: desk.BySystem, Role: desk.RoleOwner})
		}
		if err == nil && kind == "passwordless" {
			err = w.ws.Write(ctx, func(tx *store.Tx) error { return tx.SetPasswordHash(m.ID, nil) })
		}
		if err != nil {
			return nil, err
		}
		all = append(all, email)
	}
	return all, nil
}

// measureRush asks one route in pairs of halves, with and without fifty log-ins
// at once beside it.
func (w *whole) measureRush(ctx context.Context, r *report) error {
	from, err := w.opt.client(ctx)
	if err != nil {
		return err
	}
	emails, err := w.people(ctx, "member", signinAtOnce)
	if err != nil {
		return errors.Join(err, from.close())
	}
	get := order{Do: "get", URL: w.url + listPath, Token: w.token, N: min(signinRate*signinSeconds, 10*w.opt.Messages), C: 16, Rate: signinRate}
	rush := order{Do: "enter", URL: w.url + "/api/v1/session", N: signinAtOnce, C: signinAtOnce, Lines: emails}
	if _, err := w.client.do(get); err != nil { // so that the first pair is like the others
		return errors.Join(err, from.close())
	}
	var alone, beside, took sample
	var ratios []float64
	unanswered := 0
	for pair := range w.opt.Conversations {
		var p99 [2]float64
		for half := range 2 {
			rushing := (half+pair)%2 == 1
			asked, entered, err := w.beside(get, rush, from, rushing)
			if err != nil {
				return errors.Join(err, from.close())
			}
			if rushing {
				p99[1], beside, took, unanswered = asked.at(0.99), append(beside, asked...), append(took, entered.MS...), unanswered+entered.Missing
				rush.First += signinAtOnce
			} else {
				p99[0], alone = asked.at(0.99), append(alone, asked...)
			}
		}
		ratios = append(ratios, p99[1]/p99[0])
		w.opt.say("pair %d: p99 %.2f ms alone, %.2f ms beside %d log-ins", pair+1, p99[0], p99[1], signinAtOnce)
	}
	slices.Sort(ratios)
	slices.Sort(took)
	r.spread("list, alone", alone, 0)
	r.spread(fmt.Sprintf("list, beside %d log-ins", signinAtOnce), beside, 0)
	r.spread("a log-in of fifty at once", took, 0)
	r.most("log-ins without an answer", float64(unanswered), "", 0)
	r.most(fmt.Sprintf("p99 moved, median of %d", len(ratios)), ratios[len(ratios)/2], "times", signinBound)
	return from.close()
}

// beside asks while others do something from elsewhere, or while nobody does;
// what is asked may not be refused.
func (w *whole) beside(get, rush order, from *remote, rushing bool) (sample, result, error) {
	type answer struct {
		res result
		err error
	}
	ended := make(chan answer, 1)
	if rushing {
		go func() {
			res, err := from.do(rush)
			ended <- answer{res, err}
		}()
	} else {
		ended <- answer{}
	}
	got, err := w.client.do(get)
	other := <-ended
	if err == nil && got.Missing > 0 {
		err = fmt.Errorf("%d requests beside the rush were refused", got.Missing)
	}
	return got.MS, other.res, errors.Join(err, other.err)
}

// measureTelling refuses people of each kind in turn and compares how long that
// takes: by the middle of many, a stranger learns nothing of who is a member.
func (w *whole) measureTelling(ctx context.Context, r *report) error {
	tries := w.opt.Messages
	accounts := tries/20 + 1 // each stays within its own budget of tries
	kinds := []string{"known", "unknown", "off", "passwordless"}
	emails, times := map[string][]string{}, map[string]sample{}
	for _, kind := range kinds {
		var err error
		if emails[kind], err = w.people(ctx, kind, accounts); kind == "unknown" {
			for i := range emails[kind] {
				emails[kind][i] = "no" + emails[kind][i]
			}
		}
		if err != nil {
			return err
		}
	}
	var clk clock.Clock = clock.Real{}
	for i := range tries {
		for turn := range kinds {
			kind := kinds[(i+turn)%len(kinds)]
			began := clk.Now()
			_, err := w.Roster.SignIn(ctx, member.SignIn{Email: emails[kind][i%accounts], Password: "not " + signinPassword,
				Address: fmt.Sprintf("198.%d.%d.%d", 18+turn, i/250, i%250)})
			if desk.CodeOf(err) != desk.Unauthenticated {
				return fmt.Errorf("%s: %w", kind, err)
			}
			times[kind] = append(times[kind], clk.Since(began))
		}
	}
	known := 0.0
	for _, kind := range kinds {
		slices.Sort(times[kind])
		middle := times[kind].at(0.5)
		if kind == "known" {
			known = middle
			r.add("refusal of a known address, median", middle, "ms", 0)
			continue
		}
		r.most(fmt.Sprintf("%s address apart, median of %d", kind, tries), math.Abs(middle/known-1), "of it", signinApart)
	}
	return nil
}

// most adds a figure that must not be larger than its bound.
func (r *report) most(metric string, value float64, unit string, bound float64) {
	f := Figure{Bench: r.bench, Engine: r.engine, Metric: metric, Value: value, Unit: unit, Bound: bound, Most: true}
	if bound != 0 {
		f.Ratio = value / bound
	}
	r.figures = append(r.figures, f)
}

// enter signs people in, each from an address of their own.
func (c *client) enter(ctx context.Context, o order) (result, error) {
	h := httpClient(o.C)
	defer h.CloseIdleConnections()
	taken, held := make(chan time.Duration, o.N), make(chan bool, o.N)
	took, err := inTime(ctx, c.clk, o, func(i int, due time.Time) error {
		body, err := json.Marshal(map[string]string{"email": o.Lines[i%len(o.Lines)], "password": signinPassword})
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.URL, strings.NewReader(string(body)))
		if err != nil {
			return err
		}
		n := o.First + i
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.%d.%d", n/250, n%250+1))
		res, err := h.Do(req)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, res.Body)
		if err = errors.Join(err, res.Body.Close()); err != nil {
			return err
		}
		if res.StatusCode != http.StatusOK {
			held <- true
			return nil
		}
		taken <- c.clk.Since(due)
		return nil
	})
	close(taken)
	done := result{Seconds: took.Seconds(), Missing: len(held)}
	for ms := range taken {
		done.MS = append(done.MS, ms)
	}
	slices.Sort(done.MS)
	return done, err
}
