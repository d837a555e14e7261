package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/store"
)

// Bounds of asking providers how their accounts are: doctor answers in less time
// than its command waits.
const (
	accountsTime   = 25 * time.Second
	accountsAtOnce = 8
)

// checkAccounts asks the provider of every connected account how it is.
func (a *App) checkAccounts(ctx context.Context) []Finding {
	ctx, cancel := clock.WithTimeout(ctx, a.Clock, accountsTime)
	defer cancel()
	workspaces, err := a.DB.Workspaces(ctx)
	if err != nil {
		return []Finding{{"channel", Fail, err.Error()}}
	}
	var accounts []desk.Account
	for _, ws := range workspaces {
		err := a.DB.In(ws.ID).Read(ctx, func(r *store.Rx) error {
			all, err := r.Accounts()
			for _, acct := range all {
				if a.atProvider(acct) {
					accounts = append(accounts, acct)
				}
			}
			return err
		})
		if err != nil {
			return []Finding{{"channel", Fail, err.Error()}}
		}
	}
	found := make([]Finding, len(accounts))
	var asking errgroup.Group
	asking.SetLimit(accountsAtOnce)
	for i, acct := range accounts {
		asking.Go(func() error { found[i] = a.checkAccount(ctx, acct); return nil })
	}
	_ = asking.Wait() // each says for itself what is wrong
	if n := a.Intake.Unknown(); n > 0 {
		found = append(found, Finding{"deliveries", OK, fmt.Sprintf("%d parts of deliveries were for accounts that nobody has connected, and were dropped unread", n)})
	}
	return found
}

func (a *App) atProvider(acct desk.Account) bool {
	if acct.State == desk.AccountGone {
		return false
	}
	ch, err := a.Intake.Channels.Find(acct.Kind)
	if err != nil {
		return false
	}
	_, ok := ch.(channel.Prober)
	return ok
}

func (a *App) checkAccount(ctx context.Context, acct desk.Account) Finding {
	begun := a.Clock.Now()
	h, err := a.Connect.Health(ctx, acct.Workspace, acct.ID)
	f := Finding{Name: "channel", State: OK}
	name := fmt.Sprintf("%s %q of workspace %s: ", acct.Kind, acct.Name, acct.Workspace)
	if err != nil {
		f.State, f.Text = Fail, name+err.Error()
		return f
	}
	var said []string
	for _, one := range h.Findings {
		switch {
		case !one.OK:
			f.State = Fail
		case one.Warn && f.State == OK:
			f.State = Warn
		}
		if !one.OK || one.Warn {
			said = append(said, inWords(one))
		}
	}
	if len(said) == 0 {
		said = []string{fmt.Sprintf("the provider answers in %s", a.Clock.Now().Sub(begun).Round(time.Millisecond))}
		if !acct.LastEventAt.IsZero() {
			said = append(said, "the last event came "+acct.LastEventAt.Format("2006-01-02 15:04 UTC"))
		}
	}
	f.Text = name + strings.Join(said, "; ")
	return f
}

func inWords(f channel.Finding) string {
	text := channel.Words("en", f.Reason)
	if text == "" {
		text = f.Reason
	}
	if f.Detail != "" {
		text += " (" + f.Detail + ")"
	}
	if !f.At.IsZero() {
		text += " [" + f.At.Format("2006-01-02 15:04 UTC") + "]"
	}
	return text
}
