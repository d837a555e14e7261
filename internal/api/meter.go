package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// meters are the figures of the HTTP face: route names and numbers, never an
// id, an address or a word.
type meters struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	streams  prometheus.Gauge
	visits   prometheus.Gauge
	reports  prometheus.Counter
	foreign  prometheus.Counter
	handed   *prometheus.CounterVec
	handing  *prometheus.HistogramVec
}

func newMeters(reg *prometheus.Registry) meters {
	m := meters{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "parley_http_requests_total", Help: "Requests by route and status."}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "parley_http_request_seconds", Help: "Duration by route.",
			Buckets: []float64{.001, .005, .02, .05, .1, .5, 1, 5}}, []string{"route"}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{Name: "parley_http_streams", Help: "Open event streams of members and keys."}),
		visits:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "parley_visitor_streams", Help: "Open event streams of visitors of the website chats, and their long polls under way."}),
		reports: prometheus.NewCounter(prometheus.CounterOpts{Name: "parley_csp_reports_total", Help: "Violations of the content security policy that browsers reported."}),
	}
	m.foreign = prometheus.NewCounter(prometheus.CounterOpts{Name: "parley_foreign_parts_total", Help: "Parts of deliveries for accounts that nobody connected, or that were disconnected: dropped unread."})
	m.handed = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "parley_sends_total", Help: "Messages handed to a channel, by how that went: sent, again (it is handed over once more), unknown, failed."}, []string{"channel", "outcome"})
	m.handing = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "parley_send_seconds", Help: "How long a channel took to answer, with all the pieces of a message.",
		Buckets: []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}}, []string{"channel"})
	reg.MustRegister(m.requests, m.seconds, m.streams, m.visits, m.reports, m.foreign, m.handed, m.handing)
	return m
}

func (m meters) request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

// Handed counts a message that was handed to a channel.
func (a *API) Handed(channel, outcome string, took time.Duration) {
	a.meters.handed.WithLabelValues(channel, outcome).Inc()
	a.meters.handing.WithLabelValues(channel).Observe(took.Seconds())
}

// meterRecords adds what the records tell.
func (a *API) meterRecords(reg *prometheus.Registry) {
	reg.MustRegister(
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "parley_records_dropped_total", Help: "Notes of use, tries and errors that found no room."},
			func() float64 { return float64(a.Record.Dropped()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "parley_otlp_lost_total", Help: "Spans and records that the collector of PARLEY_OTLP did not take."},
			func() float64 { return float64(a.Traces.Lost()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "parley_alerts_open", Help: "Alerts that nobody closed yet; -1 when the database does not answer."}, func() float64 {
			n, err := a.Store.OpenAlerts(context.Background())
			if err != nil {
				return -1
			}
			return float64(n)
		}))
}

// Admin serves the admin listener: figures, never published.
func (a *API) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.Metrics, promhttp.HandlerOpts{}))
	return mux
}
