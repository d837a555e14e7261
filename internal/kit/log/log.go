package log

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const mask = "•••"

// Redacter is a value that says itself what the log may show of it.
type Redacter interface{ Redacted() string }

// New gives a logger to w: JSON lines, or words for a person's terminal when
// text is set.
func New(w io.Writer, text bool, level slog.Leveler) *slog.Logger {
	opts := &slog.HandlerOptions{Level: level}
	if text {
		return slog.New(Redact(slog.NewTextHandler(w, opts)))
	}
	return slog.New(Redact(slog.NewJSONHandler(w, opts)))
}

// Redact wraps a handler so that no attribute passes unchecked.
func Redact(next slog.Handler) slog.Handler { return handler{next} }

type handler struct{ next slog.Handler }

func (h handler) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(redact(a))
		return true
	})
	return h.next.Handle(ctx, clean)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.next.WithAttrs(redactAll(attrs))}
}

func (h handler) WithGroup(name string) slog.Handler { return handler{h.next.WithGroup(name)} }

func redactAll(attrs []slog.Attr) []slog.Attr {
	out := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		out[i] = redact(a)
	}
	return out
}

func redact(a slog.Attr) slog.Attr {
	if sensitive(a.Key) {
		return slog.String(a.Key, mask)
	}
	// A value that redacts itself is asked before LogValue may widen it.
	if r, ok := a.Value.Any().(Redacter); ok {
		return slog.String(a.Key, r.Redacted())
	}
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindGroup:
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(redactAll(v.Group())...)}
	case slog.KindAny:
		return slog.Attr{Key: a.Key, Value: slog.StringValue(show(v.Any()))}
	default:
		return slog.Attr{Key: a.Key, Value: v}
	}
}

// show prints only values that chose a printed form; a struct, map or slice
// could hold anything a customer wrote.
func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "<nil>"
	case Redacter:
		return v.Redacted()
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	case []int64, []int:
		return fmt.Sprint(v)
	default:
		return fmt.Sprintf("(%T withheld)", v)
	}
}

// sensitive names are those under which content or personal data would travel.
func sensitive(key string) bool {
	switch strings.ToLower(key) {
	case "body", "text", "content", "question", "answer", "query", "prompt", "quote",
		"password", "token", "secret", "authorization", "cookie", "key_bytes",
		"email", "phone", "contact_name", "visitor_name", "ip", "address", "user_agent":
		return true
	}
	return false
}
