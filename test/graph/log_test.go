package graph_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// listener keeps what the program logs, shows the test what is wrong, and rings
// when a person's request was carried out: no event tells of that.
type listener struct {
	slog.Handler // shows warnings
	all          slog.Handler
	kept         *kept
	ends         chan struct{}
}

type kept struct {
	mu   sync.Mutex
	text strings.Builder
}

func (k *kept) Write(b []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.text.Write(b)
}

func listen(t *testing.T) *listener {
	k := &kept{}
	return &listener{Handler: slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}),
		all: slog.NewTextHandler(k, &slog.HandlerOptions{Level: slog.LevelDebug}), kept: k, ends: make(chan struct{}, 100)}
}

// text is everything that was logged so far.
func (l *listener) text() string {
	l.kept.mu.Lock()
	defer l.kept.mu.Unlock()
	return l.kept.text.String()
}

func (l *listener) Enabled(context.Context, slog.Level) bool { return true }

func (l *listener) Handle(ctx context.Context, r slog.Record) error {
	if err := l.all.Handle(ctx, r.Clone()); err != nil {
		return err
	}
	if r.Message == "a person's request was carried out" {
		l.ends <- struct{}{}
	}
	if !l.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return l.Handler.Handle(ctx, r)
}

func (l *listener) WithAttrs(a []slog.Attr) slog.Handler {
	return &listener{Handler: l.Handler.WithAttrs(a), all: l.all.WithAttrs(a), kept: l.kept, ends: l.ends}
}

func (l *listener) WithGroup(name string) slog.Handler {
	return &listener{Handler: l.Handler.WithGroup(name), all: l.all.WithGroup(name), kept: l.kept, ends: l.ends}
}
