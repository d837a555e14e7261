package app

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/desk"
	"parley/internal/kit/config"
	"parley/internal/kit/httpx"
	"parley/internal/record/otlp"
	"parley/internal/record/posthog"
	"parley/internal/record/sentry"
)

var errNoDPA = errors.New("the register has no data processing agreement with this service")

// reportRules are the lines of the register for what the program tells of itself:
// a company needs an agreement, a server of one's own network does not.
func reportRules(cfg config.Config) ([]httpx.Rule, error) {
	var rules []httpx.Rule
	add := func(name, at, dpa string) error {
		r := httpx.Rule{Name: name, Purpose: httpx.Subprocessor}
		if host, ok := inside(at); ok {
			r.Purpose, r.Private = httpx.Infrastructure, []string{host}
		} else if err := r.Add(at); err != nil {
			return err
		} else if dpa == "" {
			r.Ready = func(context.Context) error { return errNoDPA }
		}
		rules = append(rules, r)
		return nil
	}
	if !cfg.SentryDSN.IsZero() {
		at, err := sentry.Address(cfg.SentryDSN)
		if err != nil {
			return nil, fmt.Errorf("PARLEY_SENTRY_DSN: %w", err)
		}
		if err := add(sentry.Rule, at, cfg.SentryDPA); err != nil {
			return nil, fmt.Errorf("PARLEY_SENTRY_DSN: %w", err)
		}
	}
	if !cfg.PostHogKey.IsZero() {
		if err := add(posthog.Rule, cfg.PostHogURL, cfg.PostHogDPA); err != nil {
			return nil, fmt.Errorf("PARLEY_POSTHOG_URL: %w", err)
		}
	}
	if !cfg.OTLP.IsZero() {
		at, err := otlp.Address(cfg.OTLP)
		r := httpx.Rule{Name: otlp.Rule, Purpose: httpx.Infrastructure}
		if err == nil {
			err = r.Add(at)
		}
		if err != nil {
			return nil, fmt.Errorf("PARLEY_OTLP: %w", err)
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// openTraces makes what tells a collector, before anything begins that it tells of.
func (a *App) openTraces() (err error) {
	if a.Config.OTLP.IsZero() {
		return nil
	}
	a.traces, err = otlp.Open(otlp.Options{URL: a.Config.OTLP, Calls: a.out.Plain(otlp.Rule).Transport, Clock: a.Clock, Log: a.Log})
	if err != nil {
		return err
	}
	a.out.Begun = a.traces.Call
	a.Record.Tell(a.traces.Fault)
	a.Record.Hear(a.traces.Door)
	return nil
}

// begun tells a collector of work, where one is set.
func (a *App) begun(ctx context.Context, kind string, ws desk.ID, items int) (context.Context, func(error)) {
	if a.traces == nil {
		return ctx, func(error) {}
	}
	return a.traces.Work(ctx, kind, ws, items)
}

// openReports makes the senders that the settings ask for.
func (a *App) openReports() (err error) {
	if !a.Config.SentryDSN.IsZero() {
		if a.errors, err = sentry.Open(sentry.Options{DSN: a.Config.SentryDSN, Calls: a.out.Plain(sentry.Rule).Transport}); err != nil {
			return err
		}
		a.Record.Tell(a.errors.Fault)
	}
	if !a.Config.PostHogKey.IsZero() {
		a.Analytics, err = posthog.Open(posthog.Options{Key: a.Config.PostHogKey, URL: a.Config.PostHogURL, Calls: a.out.Plain(posthog.Rule).Transport, Clock: a.Clock, Log: a.Log, Every: a.Tuning.Tell})
	}
	return err
}
