package app

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
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
	answerTime = 10 * time.Minute // until it was taken; streams and files have limits of their own, and so have bodies
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
	own, err := newCertificate(a.Config, a.Clock, a.Log)
	if err != nil {
		return err
	}
	main := a.main
	a.main = nil // the server closes it from here on
	g, ctx := errgroup.WithContext(ctx)
	a.serveOn(ctx, g, door{newCrowd(main, maxOpen, unbounded(a.Config.TrustedProxies)), own}, a.API.Handler())
	if a.Config.AdminListen != "" {
		admin, err := net.Listen("tcp", a.Config.AdminListen)
		if err != nil {
			return errors.Join(fmt.Errorf("PARLEY_ADMIN_LISTEN: %w", err), shut(main))
		}
		a.serveOn(ctx, g, door{Listener: admin}, a.API.Admin())
	}
	if control, err := a.listenControl(); err == nil {
		a.serveOn(ctx, g, door{Listener: control}, controlRoutes(a))
	} else {
		a.Log.WarnContext(ctx, "no control socket: stop the server before using the other commands on this folder", "error", err)
	}
	g.Go(func() error { return a.Work(ctx) })
	g.Go(func() error { return a.holdNode(ctx) })
	token, needed, err := a.Roster.FirstStart(ctx)
	if err != nil {
		return errors.Join(err, shut(main))
	}
	r := Ready{URL: a.Config.PublicURL}
	if needed {
		r.FirstOwner = a.Config.PublicURL + "/setup#" + token
	}
	ready(r)
	return g.Wait()
}

// shut closes a listener that its server may have closed already, as it does when
// the program is stopped while it starts.
func shut(l net.Listener) error {
	if err := l.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// door is a listener, and the certificate it shows where it speaks TLS.
type door struct {
	net.Listener
	own *certificate
}

func (a *App) server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, WriteTimeout: answerTime, MaxHeaderBytes: maxHeader,
		ErrorLog: log.New(connections{a.Log}, "", 0)}
}

// connections takes what net/http says about connections. Most of it names the
// address of a caller whose connection failed, which is nobody's business.
type connections struct{ log *slog.Logger }

// Write implements io.Writer.
func (c connections) Write(line []byte) (int, error) {
	what, _, _ := strings.Cut(string(line), " from ")
	c.log.Debug("connection", "what", strings.TrimSpace(what))
	return len(line), nil
}

// serveOn serves a listener until ctx ends. Open streams end with ctx, so that
// a stop does not wait for them.
func (a *App) serveOn(ctx context.Context, g *errgroup.Group, l door, h http.Handler) {
	srv := a.server(h)
	srv.BaseContext = func(net.Listener) context.Context { return ctx }
	serve := srv.Serve
	if l.own != nil {
		srv.TLSConfig = l.own.settings()
		serve = func(l net.Listener) error { return srv.ServeTLS(l, "", "") }
	}
	g.Go(func() error {
		if err := serve(l.Listener); !errors.Is(err, http.ErrServerClosed) {
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
