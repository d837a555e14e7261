package bench

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/desk"
	"parley/internal/knowledge"
)

const (
	replyBound    = 500 // ms
	replyVisitors = 250 // so that none asks again within the same burst, or too often for the AI
)

// Reply measures how long a question takes until its extractive answer is handed
// to the channel. The workspace waits for no burst.
func Reply(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(replyVisitors, inboxRate*inboxSeconds)
	r := &report{bench: "reply", engine: opt.Engine}
	if opt.Messages > desk.MaxTurns*opt.Conversations {
		return nil, errors.New("more questions than the AI answers in one engagement")
	}
	w, err := newWhole(ctx, opt)
	if err != nil {
		return nil, err
	}
	return r.figures, errors.Join(w.measureReply(ctx, r), w.Close())
}

func (w *whole) measureReply(ctx context.Context, r *report) error {
	pairs := shopPairs()
	if err := w.learn(ctx, pairs); err != nil {
		return err
	}
	if err := w.visitors(ctx, w.opt.Conversations); err != nil {
		return err
	}
	if _, err := w.client.do(order{Do: "watch", URL: w.url, Token: w.token}); err != nil {
		return err
	}
	lines := make([]string, len(pairs))
	for i, p := range pairs {
		lines[i] = p.Question
	}
	cpu := processorTime()
	got, err := w.client.do(order{Do: "ask", N: w.opt.Messages, C: 64, Rate: inboxRate, Lines: lines, Wait: inboxWait})
	if err == nil && got.Missing > 0 {
		err = fmt.Errorf("%d of %d questions have no answer", got.Missing, w.opt.Messages)
	}
	r.add("processor time of one", millis(processorTime()-cpu)/float64(w.opt.Messages), "ms of CPU", 0)
	r.spread(fmt.Sprintf("answer handed over at %d/s", inboxRate), got.MS, replyBound)
	return err
}

// shopPairs is knowledge of the size and kind of a small shop's.
func shopPairs() []knowledge.Pair {
	goods := []string{"wool coat", "rain jacket", "hiking boots", "backpack", "tent", "steel bottle", "sleeping bag", "head torch"}
	asks := [][2]string{
		{"Can I return a %s that does not fit?", "Yes, you can return a %s within 30 days of delivery, unworn and with its label."},
		{"How much is shipping for a %s to Germany?", "Shipping a %s to Germany costs 6.90 EUR and takes three to five working days."},
		{"How do I care for my %s?", "Clean the %s by hand in lukewarm water and let it dry in the shade."},
		{"Which sizes does the %s come in?", "The %s comes in five sizes; the table of sizes is on its page."},
		{"How long is the warranty of the %s?", "The warranty of the %s is two years and covers seams, zips and soles."},
		{"Can the %s be repaired?", "Our workshop in Izmir repairs a %s for 25 EUR within two weeks."},
	}
	var all []knowledge.Pair
	for _, a := range asks {
		for _, g := range goods {
			all = append(all, knowledge.Pair{Question: fmt.Sprintf(a[0], g), Answer: fmt.Sprintf(a[1], g)})
		}
	}
	return all
}
