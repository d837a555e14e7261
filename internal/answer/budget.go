package answer

import (
	"context"
	"errors"

	"parley/internal/desk"
	"parley/internal/llm"
	"parley/internal/store"
)

// noBudget says why a call was not paid for, as a machine word.
type noBudget string

const (
	budgetReached noBudget = "budget" // spent, or held for calls under way
	budgetUnknown noBudget = "unknown_budget"
)

func (e noBudget) Error() string { return "answer: no call is paid for: " + string(e) }

// noBudgetOf is the noBudget that an error is, or "".
func noBudgetOf(err error) (e noBudget) {
	errors.As(err, &e)
	return e
}

const microsPerCent = 10_000

// bill is a call to a model that is to be paid for.
type bill struct {
	ws   desk.ID
	set  desk.AISettings // whose limits hold
	call desk.Call
	most llm.Usage // that it may take
}

// paid makes a call where the day's budget has room for it: the most it may cost
// is taken before, and what it did cost is counted after, whoever stopped waiting
// meanwhile. It answers the call as it was counted; made is false where nothing
// was sent.
func (a *Answer) paid(ctx context.Context, b bill, do func(context.Context) (llm.Usage, error)) (c desk.Call, made bool, err error) {
	held, err := a.reserve(ctx, b)
	if err != nil {
		return b.call, false, err
	}
	used, failed := do(ctx)
	c, made = b.call, !unsent(failed)
	if used == (llm.Usage{}) && llm.KindOf(failed) == llm.Timeout {
		used.In = b.most.In // it was read, and nobody says what that cost
	}
	c.Failed, c.In, c.Out, c.Micros = failed != nil, int64(used.In), int64(used.Out), llm.CostOf(c.Model, used).Micros
	err = a.DB.In(b.ws).Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if !made {
			return tx.Release(held)
		}
		return tx.Settle(held, c)
	})
	if err == nil {
		err = failed
	}
	return c, made, err
}

// unsent: earlier calls failed, so that the vendor was left alone.
func unsent(err error) bool {
	var e *llm.Error
	return errors.As(err, &e) && e.Resting && e.Attempts == 0
}

func (a *Answer) reserve(ctx context.Context, b bill) (held store.AIHold, err error) {
	ok := false
	want := store.AIHold{Tokens: int64(b.most.In + b.most.Out), Micros: llm.CostOf(b.call.Model, b.most).Micros}
	err = a.DB.In(b.ws).Write(ctx, func(tx *store.Tx) (err error) {
		held, ok, err = tx.Reserve(want, b.set.TokensPerDay, b.set.CentsPerDay*microsPerCent)
		return err
	})
	switch {
	case err != nil:
		a.Log.Warn("no room for a call could be kept in the budget", "workspace", b.ws, "code", desk.CodeOf(err))
		return held, budgetUnknown
	case !ok:
		return held, budgetReached
	}
	return held, nil
}

// most is more than a question takes: in the languages that are spoken here a
// token has three bytes at least, and an answer ends at its limit.
func most(req llm.Request, body []byte) llm.Usage {
	return llm.Usage{In: len(body)/3 + 1, Out: req.MaxTokens}
}
