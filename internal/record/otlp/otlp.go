package otlp

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
	"parley/internal/record"
	"parley/internal/store"
)

// Rule is the name of the line of the register for these calls.
const Rule = "otlp"

// Limits of what waits, and how long a collector may take.
const (
	maxWaiting = 2048
	maxBatch   = 512
	every      = 2 * time.Second
	patience   = 5 * time.Second
	closing    = 2 * time.Second
)

// Options say where the collector is.
type Options struct {
	URL     secret.Text       // of Config: http(s)://[user:password@]host[:port][/path], without /v1/traces
	Calls   http.RoundTripper // kit/httpx's
	Clock   clock.Clock
	Log     *slog.Logger
	Version string
}

// Address is the collector's address without user and password, for the
// register. Its error does not repeat the setting.
func Address(at secret.Text) (string, error) {
	u, err := url.Parse(at.Reveal())
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("an address looks like http://127.0.0.1:4318 or https://user:password@collector.example.com")
	}
	u.User = nil
	return strings.TrimSuffix(u.String(), "/"), nil
}

// Sender sends traces and records. A nil one does nothing.
type Sender struct {
	o      Options
	at     string
	user   *url.Userinfo
	spans  *sdktrace.TracerProvider
	tracer trace.Tracer
	logs   *sdklog.LoggerProvider
	logger log.Logger
	lost   atomic.Int64
	silent atomic.Bool // the last batch was lost, and that was said
}

// Open makes a Sender; it calls nobody yet.
func Open(o Options) (*Sender, error) {
	at, err := Address(o.URL)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(o.URL.Reveal())
	if err != nil {
		return nil, errors.New("the address cannot be read")
	}
	s := &Sender{o: o, at: at, user: u.User}
	out := otlptrace.NewUnstarted(wire{s})
	s.spans = sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.AlwaysSample()), sdktrace.WithBatcher(out,
		sdktrace.WithMaxQueueSize(maxWaiting), sdktrace.WithMaxExportBatchSize(maxBatch), sdktrace.WithBatchTimeout(every), sdktrace.WithExportTimeout(patience)))
	s.tracer = s.spans.Tracer(scope)
	s.logs = sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(lines{s},
		sdklog.WithMaxQueueSize(maxWaiting), sdklog.WithExportMaxBatchSize(maxBatch), sdklog.WithExportInterval(every), sdklog.WithExportTimeout(patience))))
	s.logger = s.logs.Logger(scope)
	return s, nil
}

// Lost is how many spans and records a collector did not take.
func (s *Sender) Lost() int64 {
	if s == nil {
		return 0
	}
	return s.lost.Load()
}

// begin opens a span as a child of that of ctx.
func (s *Sender) begin(ctx context.Context, name string, kind trace.SpanKind) (context.Context, trace.Span) {
	return s.tracer.Start(ctx, name, trace.WithTimestamp(s.o.Clock.Now()), trace.WithSpanKind(kind))
}

func (s *Sender) end(span trace.Span, bad bool, with ...attribute.KeyValue) {
	span.SetAttributes(with...)
	if bad {
		span.SetStatus(codes.Error, "")
	}
	span.End(trace.WithTimestamp(s.o.Clock.Now()))
}

// Request is a request that was answered.
type Request struct {
	ID, Workspace desk.ID
	Method, Route string // Route: the name of the operation
	Pattern       string // of its address
	Status        int
}

// Request opens the span of a request; its second result ends it.
func (s *Sender) Request(ctx context.Context) (context.Context, func(Request)) {
	if s == nil {
		return ctx, func(Request) {}
	}
	ctx, span := s.begin(ctx, "request", trace.SpanKindServer)
	return ctx, func(r Request) {
		method := verb(r.Method)
		_, path, found := strings.Cut(r.Pattern, " ")
		if !found {
			path = r.Pattern
		}
		span.SetName(strings.TrimSpace(method + " " + path))
		s.end(span, r.Status >= http.StatusInternalServerError, attribute.String("http.request.method", method), attribute.String("http.route", path),
			attribute.Int("http.response.status_code", r.Status), attribute.String("parley.operation", r.Route),
			attribute.String("parley.request", r.ID.String()), attribute.String("parley.workspace", r.Workspace.String()))
	}
}

// verb is a method that programs know; a caller may write any word there.
func verb(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "_OTHER"
}

// Work opens the span of work of a lane, or of regular work by its name.
func (s *Sender) Work(ctx context.Context, kind string, ws desk.ID, items int) (context.Context, func(error)) {
	ctx, span := s.begin(ctx, "work "+kind, trace.SpanKindConsumer)
	return ctx, func(err error) {
		s.end(span, err != nil, attribute.String("parley.work", kind), attribute.String("parley.workspace", ws.String()),
			attribute.Int("parley.items", items), attribute.Bool("parley.failed", err != nil))
	}
}

// Call opens the span of a call that leaves by a line of the register. The host
// is not named: some are typed by a workspace.
func (s *Sender) Call(ctx context.Context, rule string) (context.Context, func(status int, failed string)) {
	if rule == Rule {
		return ctx, func(int, string) {}
	}
	ctx, span := s.begin(ctx, "call "+rule, trace.SpanKindClient)
	return ctx, func(status int, failed string) {
		s.end(span, failed != "" || status >= http.StatusBadRequest, attribute.String("parley.rule", rule),
			attribute.Int("http.response.status_code", status), attribute.String("error.type", failed))
	}
}

// Fault tells of an error.
func (s *Sender) Fault(f record.Fault) {
	s.line(line{name: "error", severity: log.SeverityError, body: f.Kind, at: f.At, with: []attribute.KeyValue{attribute.String("parley.place", f.Place),
		attribute.String("parley.reason", f.Reason), attribute.String("parley.request", f.Request), attribute.String("parley.workspace", f.Workspace), attribute.String("parley.work", f.Work)}})
}

// Door tells of tries at a door, as many as were put together. Neither the
// account that was tried nor the network they came from leaves.
func (s *Sender) Door(ws desk.ID, e store.Security) {
	s.line(line{name: "security", severity: log.SeverityWarn, body: e.Kind, at: e.At, with: []attribute.KeyValue{attribute.String("parley.operation", e.Route),
		attribute.String("parley.workspace", ws.String()), attribute.String("parley.actor", string(e.Actor.Kind)), attribute.String("parley.actor_id", e.Actor.ID.String()), attribute.Int64("parley.times", e.Touched)}})
}

type line struct {
	name     string
	severity log.Severity
	body     string
	at       time.Time
	with     []attribute.KeyValue
}

func (s *Sender) line(l line) {
	var r log.Record
	r.SetTimestamp(l.at)
	r.SetObservedTimestamp(s.o.Clock.Now())
	r.SetSeverity(l.severity)
	r.SetEventName(l.name)
	r.SetBody(attribute.StringValue(l.body))
	r.AddAttributes(l.with...)
	s.logger.Emit(context.Background(), r)
}

// Close sends what waits, for a short while.
func (s *Sender) Close() {
	if s == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	// What could not be sent is counted by the wire.
	_ = errors.Join(s.spans.Shutdown(ctx), s.logs.Shutdown(ctx))
}
