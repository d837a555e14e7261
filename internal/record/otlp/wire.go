package otlp

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	logs "go.opentelemetry.io/proto/otlp/logs/v1"
	resource "go.opentelemetry.io/proto/otlp/resource/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// scope is who measured, for the protocol.
const scope = "parley"

// maxValue bounds a text that leaves; words of the program are shorter.
const maxValue = 200

// listed are the names of what may leave.
func listed() []string {
	return []string{"http.request.method", "http.route", "http.response.status_code", "error.type",
		"parley.operation", "parley.request", "parley.workspace", "parley.work", "parley.items", "parley.failed", "parley.rule",
		"parley.place", "parley.reason", "parley.actor", "parley.actor_id", "parley.times"}
}

// source is the program as the protocol names it: not the machine.
func (s *Sender) source() *resource.Resource {
	return &resource.Resource{Attributes: []*common.KeyValue{text("service.name", "parley"), text("service.version", s.o.Version)}}
}

func text(name, value string) *common.KeyValue {
	return &common.KeyValue{Key: name, Value: &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: value[:min(len(value), maxValue)]}}}
}

// allowed keeps what is on the list and says something.
func allowed(all []*common.KeyValue) []*common.KeyValue {
	var kept []*common.KeyValue
	for _, kv := range all {
		if !slices.Contains(listed(), kv.GetKey()) {
			continue
		}
		switch v := kv.GetValue().GetValue().(type) {
		case *common.AnyValue_StringValue:
			if v.StringValue != "" && v.StringValue != "0" {
				kept = append(kept, text(kv.GetKey(), v.StringValue))
			}
		case *common.AnyValue_IntValue, *common.AnyValue_BoolValue:
			kept = append(kept, kv)
		}
	}
	return kept
}

// wire is otlptrace's client: it makes every span anew from the list.
type wire struct{ s *Sender }

func (wire) Start(context.Context) error { return nil }

func (wire) Stop(context.Context) error { return nil }

// UploadTraces implements otlptrace.Client. It gives no error, which the SDK would
// print: what is lost is counted.
func (w wire) UploadTraces(ctx context.Context, all []*trace.ResourceSpans) error {
	var out []*trace.Span
	for _, r := range all {
		for _, sc := range r.GetScopeSpans() {
			for _, sp := range sc.GetSpans() {
				out = append(out, &trace.Span{TraceId: sp.GetTraceId(), SpanId: sp.GetSpanId(), ParentSpanId: sp.GetParentSpanId(), Flags: sp.GetFlags(), Name: sp.GetName(), Kind: sp.GetKind(),
					StartTimeUnixNano: sp.GetStartTimeUnixNano(), EndTimeUnixNano: sp.GetEndTimeUnixNano(), Attributes: allowed(sp.GetAttributes()),
					Status: &trace.Status{Code: sp.GetStatus().GetCode()}})
			}
		}
	}
	// The same bytes as an ExportTraceServiceRequest, whose package brings gRPC along.
	w.s.post(ctx, "/v1/traces", &trace.TracesData{ResourceSpans: []*trace.ResourceSpans{{Resource: w.s.source(),
		ScopeSpans: []*trace.ScopeSpans{{Scope: &common.InstrumentationScope{Name: scope}, Spans: out}}}}}, len(out))
	return nil
}

// lines is the exporter of records.
type lines struct{ s *Sender }

func (lines) ForceFlush(context.Context) error { return nil }

func (lines) Shutdown(context.Context) error { return nil }

// Export implements sdklog.Exporter.
func (l lines) Export(ctx context.Context, all []sdklog.Record) error {
	out := make([]*logs.LogRecord, 0, len(all))
	for _, r := range all {
		rec := &logs.LogRecord{TimeUnixNano: nano(r.Timestamp().UnixNano()), ObservedTimeUnixNano: nano(r.ObservedTimestamp().UnixNano()),
			SeverityNumber: logs.SeverityNumber(r.Severity()), SeverityText: r.Severity().String(), EventName: r.EventName(),
			Body: text("", r.Body().AsString()).GetValue()} // both count severities from 1 to 24
		r.WalkAttributes(func(kv attribute.KeyValue) bool {
			one := text(string(kv.Key), kv.Value.AsString())
			if kv.Value.Type() == attribute.INT64 {
				one.Value = &common.AnyValue{Value: &common.AnyValue_IntValue{IntValue: kv.Value.AsInt64()}}
			}
			rec.Attributes = append(rec.Attributes, one)
			return true
		})
		rec.Attributes = allowed(rec.Attributes)
		out = append(out, rec)
	}
	l.s.post(ctx, "/v1/logs", &logs.LogsData{ResourceLogs: []*logs.ResourceLogs{{Resource: l.s.source(),
		ScopeLogs: []*logs.ScopeLogs{{Scope: &common.InstrumentationScope{Name: scope}, LogRecords: out}}}}}, len(out))
	return nil
}

// nano is a time as the protocol has it; nothing of ours is before 1970.
func nano(n int64) uint64 { return uint64(max(n, 0)) }

// post sends n things once; what does not arrive is counted, and said once until
// something arrives again.
func (s *Sender) post(ctx context.Context, path string, m proto.Message, n int) {
	err := s.try(ctx, path, m)
	if err == nil {
		s.silent.Store(false)
		return
	}
	s.lost.Add(int64(n))
	if !s.silent.Swap(true) {
		s.o.Log.WarnContext(ctx, "the collector of PARLEY_OTLP takes nothing", "error", err)
	}
}

func (s *Sender) try(ctx context.Context, path string, m proto.Message) error {
	body, err := proto.Marshal(m)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.at+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-protobuf")
	if s.user != nil {
		password, _ := s.user.Password()
		r.SetBasicAuth(s.user.Username(), password)
	}
	res, err := s.o.Calls.RoundTrip(r)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }() // it was read or says nothing
	if _, err = io.Copy(io.Discard, res.Body); err == nil && (res.StatusCode < 200 || res.StatusCode > 299) {
		err = fmt.Errorf("it answered %d", res.StatusCode)
	}
	return err
}
