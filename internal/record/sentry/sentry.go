package sentry

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getsentry/sentry-go"

	"parley/internal/kit/secret"
	"parley/internal/record"
)

// Rule is the name of the line of the register for these calls.
const Rule = "sentry"

// Options say where errors are sent.
type Options struct {
	DSN     secret.Text
	Calls   http.RoundTripper // kit/httpx's
	Release string
}

// Address is the service's address without the key: for the register. Its error
// does not repeat the setting.
func Address(dsn secret.Text) (string, error) {
	u, err := url.Parse(dsn.Reveal())
	if err != nil || u.Host == "" || u.User == nil || u.Scheme != "https" && u.Scheme != "http" {
		return "", fmt.Errorf("a DSN looks like https://key@host/project")
	}
	return u.Scheme + "://" + u.Host, nil
}

// Sender sends errors.
type Sender struct {
	client *sentry.Client
	hub    *sentry.Hub
}

// Open makes a Sender; it calls nobody yet.
func Open(o Options) (*Sender, error) {
	client, err := sentry.NewClient(sentry.ClientOptions{
		Dsn: o.DSN.Reveal(), HTTPTransport: o.Calls, Release: o.Release, Environment: "production", ServerName: noServer,
		Integrations:   func([]sentry.Integration) []sentry.Integration { return nil },
		MaxBreadcrumbs: -1, DisableClientReports: true, DisableTelemetryBuffer: true,
		BeforeSend: allowed,
	})
	if err != nil {
		return nil, fmt.Errorf("PARLEY_SENTRY_DSN: a DSN looks like https://key@host/project")
	}
	return &Sender{client: client, hub: sentry.NewHub(client, sentry.NewScope())}, nil
}

// noServer stands where the SDK would put the machine's name.
const noServer = "parley"

// Fault sends an error, later and without waiting.
func (s *Sender) Fault(f record.Fault) {
	e := sentry.NewEvent()
	e.Level, e.Timestamp, e.Fingerprint = sentry.LevelError, f.At, []string{f.Fingerprint()}
	e.Transaction = f.Place
	x := sentry.Exception{Type: f.Kind, Value: f.Reason}
	if f.Stack != "" {
		x.Stacktrace = &sentry.Stacktrace{Frames: frames(f.Stack)}
	}
	e.Exception = []sentry.Exception{x}
	for name, value := range map[string]string{"request": f.Request, "workspace": f.Workspace, "work": f.Work} {
		if value != "" {
			e.Tags[name] = value
		}
	}
	s.hub.CaptureEvent(e)
}

// frames turns functions and lines into the protocol's frames, which begin with
// the outermost.
func frames(stack string) []sentry.Frame {
	var all []sentry.Frame
	for l := range strings.SplitSeq(stack, "\n") {
		at := strings.LastIndexByte(l, ':')
		if at < 0 {
			continue
		}
		line, err := strconv.Atoi(l[at+1:])
		if err != nil {
			continue
		}
		all = append(all, sentry.Frame{Function: l[:at], Lineno: line, InApp: true})
	}
	slices.Reverse(all)
	return all
}

// allowed makes the event anew from the fields that may leave.
func allowed(e *sentry.Event, _ *sentry.EventHint) *sentry.Event {
	out := sentry.NewEvent()
	out.EventID, out.Level, out.Timestamp, out.Platform = e.EventID, e.Level, e.Timestamp, "go"
	out.Release, out.Environment, out.Transaction, out.Fingerprint = e.Release, e.Environment, e.Transaction, e.Fingerprint
	out.ServerName, out.Sdk = noServer, sentry.SdkInfo{Name: e.Sdk.Name, Version: e.Sdk.Version}
	for _, x := range e.Exception {
		kept := sentry.Exception{Type: x.Type, Value: x.Value}
		if x.Stacktrace != nil {
			kept.Stacktrace = &sentry.Stacktrace{}
			for _, f := range x.Stacktrace.Frames {
				kept.Stacktrace.Frames = append(kept.Stacktrace.Frames, sentry.Frame{Function: f.Function, Lineno: f.Lineno, InApp: f.InApp})
			}
		}
		out.Exception = append(out.Exception, kept)
	}
	for _, name := range []string{"request", "workspace", "work"} {
		if value := e.Tags[name]; value != "" {
			out.Tags[name] = value
		}
	}
	return out
}

// closing is how long a stop waits for what was not sent yet.
const closing = 2 * time.Second

// Close sends what waits, for a short while.
func (s *Sender) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	s.hub.FlushWithContext(ctx)
	s.client.Close()
}
