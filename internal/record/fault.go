package record

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strconv"
	"strings"

	"parley/internal/desk"
	"parley/internal/store"
)

// Fault is one error as it happens. None of its fields can hold what a person
// wrote: kind and reason are words of the program, the others ids and places in
// its code.
type Fault struct {
	store.FaultEvent
	Kind  string
	Place string // function and line
}

// fault is errors of one kind that wait to be written.
type fault struct {
	store.Fault
	some []store.FaultEvent
}

// Fingerprint puts errors of one kind at one place together.
func (f Fault) Fingerprint() string {
	sum := sha256.Sum256([]byte(f.Kind + "\x00" + f.Place))
	return hex.EncodeToString(sum[:8])
}

// Tell calls fn with every fault from now on; fn must be quick.
func (r *Recorder) Tell(fn func(Fault)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tell = append(r.tell, fn)
}

// Fault keeps an error.
func (r *Recorder) Fault(f Fault) {
	f.At = r.clk.Now()
	print := f.Fingerprint()
	r.mu.Lock()
	have := r.faults[print]
	switch {
	case have == nil && len(r.faults) >= maxFaults:
		r.dropped.Add(1)
	case have == nil:
		have = &fault{Fault: store.Fault{Fingerprint: print, Kind: f.Kind, Place: f.Place, FirstAt: f.At}}
		r.faults[print] = have
		fallthrough
	default:
		have.Seen++
		have.LastAt = f.At
		if len(have.some) < maxSamples {
			have.some = append(have.some, f.FaultEvent)
		}
	}
	tell := r.tell
	r.mu.Unlock()
	for _, fn := range tell {
		fn(f)
	}
}

// Watch is a logger that keeps what it logs as an error, too.
func (r *Recorder) Watch(log *slog.Logger) *slog.Logger {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return slog.New(watcher{Handler: log.Handler(), r: r})
}

type watcher struct {
	slog.Handler
	r *Recorder
}

func (w watcher) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelError || w.Handler.Enabled(ctx, l)
}

func (w watcher) WithAttrs(a []slog.Attr) slog.Handler { return watcher{w.Handler.WithAttrs(a), w.r} }

func (w watcher) WithGroup(g string) slog.Handler { return watcher{w.Handler.WithGroup(g), w.r} }

func (w watcher) Handle(ctx context.Context, rec slog.Record) error {
	if rec.Level >= slog.LevelError {
		w.r.Fault(faultOf(rec))
	}
	if !w.Handler.Enabled(ctx, rec.Level) {
		return nil
	}
	return w.Handler.Handle(ctx, rec)
}

// faultOf reads from a line of the log what may be kept: the constant words it
// was written with, where, and the values of a few names.
func faultOf(rec slog.Record) Fault {
	f := Fault{Kind: rec.Message, Place: caller(rec.PC)}
	rec.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "request":
			f.Request = plain(a.Value.String())
		case "workspace":
			f.Workspace = plain(a.Value.String())
		case "kind", "name":
			f.Work = plain(a.Value.String())
		case "place":
			f.Stack = Stack(a.Value.String())
		case "error":
			if err, ok := a.Value.Any().(error); ok {
				f.Reason, f.Stack = reasonOf(err, f.Stack)
			}
		}
		return true
	})
	if first, _, _ := strings.Cut(f.Stack, "\n"); first != "" {
		f.Place = first // where it stopped says more than who caught it
	}
	return f
}

// caller is the function and line of a program counter.
func caller(pc uintptr) string {
	frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	return short(frame.Function) + ":" + strconv.Itoa(frame.Line)
}

func short(function string) string {
	function = strings.TrimPrefix(function, "parley/internal/")
	if at := strings.LastIndexByte(function, '/'); at >= 0 && strings.Contains(function[:at], ".") && !strings.HasPrefix(function, "parley/") {
		return function[at+1:] // of somebody else's module: its last part
	}
	return function
}

// plain keeps ids and short names of ours, nothing that has a space.
func plain(s string) string {
	if len(s) > 64 || strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		return ""
	}
	return s
}

// reasonOf names an error by codes of ours, or by its type; a panic's way through
// the code comes with it.
func reasonOf(err error, stack string) (reason, way string) {
	var e *desk.Error
	if !errors.As(err, &e) {
		return typeName(err), stack
	}
	reason = string(e.Code)
	if e.Reason != "" {
		reason += " " + plain(e.Reason)
	}
	if e.Cause != nil {
		if e.Reason == "panic" && stack == "" {
			stack = Stack(e.Cause.Error())
		}
		reason += " " + typeName(e.Cause)
	}
	return reason, stack
}

// typeName is the innermost type of an error that says what it was about.
func typeName(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return strings.TrimPrefix(fmt.Sprintf("%T", err), "*")
		}
		err = inner
	}
}

// Stack takes from a stack as debug.Stack prints it the functions and lines of
// the code between the panic and its end, without arguments and without the
// folders of whoever built the program.
func Stack(printed string) string {
	lines := strings.Split(printed, "\n")
	for i, l := range lines { // what handled the panic is of no interest
		if strings.HasPrefix(l, "panic(") {
			lines = lines[i+2:]
			break
		}
	}
	var out []string
	for i := 0; i+1 < len(lines) && len(out) < 24; i++ {
		function, at := lines[i], lines[i+1]
		open := strings.LastIndexByte(function, '(')
		if !strings.HasPrefix(at, "\t") || open <= 0 || strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "created by") {
			continue
		}
		_, line, _ := strings.Cut(at[strings.LastIndexByte(at, '/')+1:], ":")
		line, _, _ = strings.Cut(line, " ")
		out = append(out, short(function[:open])+":"+line)
		i++
	}
	return strings.Join(out, "\n")
}
