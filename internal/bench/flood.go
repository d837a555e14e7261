package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"parley/internal/app"
	"parley/internal/desk"
)

const (
	floodPairs   = 9
	floodRate    = 1_000 // a second, of the workspace that floods
	floodQuiet   = 35    // a second, of the other: within its own pace
	floodSeconds = 8     // of each half of a pair
	floodBound   = 1.1   // times the p99 without the flood
	listPath     = "/api/v1/conversations"
)

// Flood measures how much one workspace's flood of requests moves the answers to
// another's: in each pair of halves, one with the flood and one without, in turns
// first, the quiet workspace asks for its list. The limits are the product's own.
func Flood(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(floodPairs, floodQuiet*floodSeconds)
	opt.limited = true
	r := &report{bench: "flood", engine: opt.Engine}
	w, err := newWhole(ctx, opt)
	if err != nil {
		return nil, err
	}
	return r.figures, errors.Join(w.measureFlood(ctx, r), w.Close())
}

func (w *whole) measureFlood(ctx context.Context, r *report) error {
	loud, err := w.AddKey(ctx, app.AddKey{Workspace: "Flood", Name: "flood", Role: desk.RoleOwner})
	if err != nil {
		return err
	}
	from, err := w.opt.client(ctx)
	if err != nil {
		return err
	}
	quiet := order{Do: "get", URL: w.url + listPath, Token: w.token, N: w.opt.Messages, C: 16, Rate: floodQuiet}
	flood := order{Do: "get", URL: w.url + listPath, Token: loud.Token, N: w.opt.Messages * floodRate / floodQuiet, C: 32, Rate: floodRate}
	if _, err := w.client.do(quiet); err != nil { // so that the first pair is like the others
		return errors.Join(err, from.close())
	}
	var alone, beside sample
	var ratios []float64
	refused, sent := 0, 0
	for pair := range w.opt.Conversations {
		var p99 [2]float64
		for half := range 2 {
			loud := (half+pair)%2 == 1
			asked, flooded, err := w.beside(quiet, flood, from, loud)
			if err != nil {
				return errors.Join(err, from.close())
			}
			if loud {
				p99[1], refused, sent = asked.at(0.99), refused+flooded.Missing, sent+flood.N
				beside = append(beside, asked...)
			} else {
				p99[0] = asked.at(0.99)
				alone = append(alone, asked...)
			}
		}
		ratios = append(ratios, p99[1]/p99[0])
		w.opt.say("pair %d: p99 %.2f ms alone, %.2f ms beside the flood", pair+1, p99[0], p99[1])
	}
	slices.Sort(ratios)
	r.spread("list, alone", alone, 0)
	r.spread("list, beside the flood", beside, 0)
	r.add("of the flood was refused", 100*float64(refused)/float64(sent), "%", 0)
	r.figures = append(r.figures, Figure{Bench: r.bench, Engine: r.engine, Metric: fmt.Sprintf("p99 moved by %d/s, median of %d", floodRate, len(ratios)),
		Value: ratios[len(ratios)/2], Unit: "times", Bound: floodBound, Ratio: ratios[len(ratios)/2] / floodBound, Most: true})
	return from.close()
}

// get asks for an address again and again; what is refused for its pace is
// counted as missing.
func (c *client) get(ctx context.Context, o order) (result, error) {
	h := httpClient(o.C)
	defer h.CloseIdleConnections()
	taken, held := make(chan time.Duration, o.N), make(chan bool, o.N)
	took, err := inTime(ctx, c.clk, o, func(_ int, due time.Time) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.URL, nil)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+o.Token)
		res, err := h.Do(req)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		switch {
		case err != nil:
			return err
		case res.StatusCode == http.StatusTooManyRequests:
			held <- true
		case res.StatusCode != http.StatusOK:
			return fmt.Errorf("GET %s: %s", o.URL, res.Status)
		default:
			taken <- c.clk.Since(due)
		}
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
