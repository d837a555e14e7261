package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// Ready is what the person who started the server wants to know.
type Ready struct {
	URL        string
	FirstOwner string // one-time link, while nobody can sign in
}

// Limits of one connection.
const (
	headerTime = 10 * time.Second
	idleTime   = 2 * time.Minute
	stopTime   = 10 * time.Second
	maxHeader  = 32 << 10
)

// Serve listens, unless Bind did, calls ready, and works until ctx ends; then it lets running
// requests and work finish for a short while.
func (a *App) Serve(ctx context.Context, ready func(Ready)) error {
	defer a.Close()
	if a.main == nil {
		if err := a.Bind(); err != nil {
			return err
		}
	}
	main := a.main
	a.main = nil // the server closes it from here on
	g, ctx := errgroup.WithContext(ctx)
	a.serveOn(ctx, g, main, a.API.Handler())
	if a.Config.AdminListen != "" {
		admin, err := net.Listen("tcp", a.Config.AdminListen)
		if err != nil {
			return errors.Join(fmt.Errorf("PARLEY_ADMIN_LISTEN: %w", err), main.Close())
		}
		a.serveOn(ctx, g, admin, a.API.Admin())
	}
	if control, err := a.listenControl(); err == nil {
		a.serveOn(ctx, g, control, controlRoutes(a))
	} else {
		a.Log.WarnContext(ctx, "no control socket: stop the server before using the other commands on this folder", "error", err)
	}
	g.Go(func() error { return a.Work(ctx) })
	g.Go(func() error { return a.holdNode(ctx) })
	token, needed, err := a.Roster.FirstStart(ctx)
	if err != nil {
		return errors.Join(err, main.Close())
	}
	r := Ready{URL: a.Config.PublicURL}
	if needed {
		r.FirstOwner = a.Config.PublicURL + "/setup#" + token
	}
	ready(r)
	return g.Wait()
}

// serveOn serves a listener until ctx ends. Open streams end with ctx, so that
// a stop does not wait for them.
func (a *App) serveOn(ctx context.Context, g *errgroup.Group, l net.Listener, h http.Handler) {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	g.Go(func() error {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		return srv.Shutdown(late)
	})
}
