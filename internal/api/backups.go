package api

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/store"
)

// SavedBackup is one backup, as the operator sees it. It tells of no workspace.
type SavedBackup struct {
	ID      desk.ID `json:"id"`
	Holds   string  `json:"holds" enum:"data,keys" doc:"Neither opens anything without the other and the recovery key"`
	Name    string  `json:"name"`
	State   string  `json:"state" enum:"writing,done,failed,gone"`
	Reason  string  `json:"reason" doc:"Why it failed"`
	Bytes   int64   `json:"bytes"`
	Rows    int64   `json:"rows"`
	Files   int64   `json:"files"`
	Sum     string  `json:"sha256"`
	BegunAt stamp   `json:"begun_at"`
	DoneAt  moment  `json:"done_at"`
	EndsAt  stamp   `json:"ends_at" doc:"When it is deleted"`
	GoneAt  moment  `json:"gone_at"`
}

// SavedBackups is a page of them, and whether they are made as they should be.
type SavedBackups struct {
	Page[SavedBackup]
	On     bool     `json:"on" doc:"Whether there is a recovery key; without one nothing is saved"`
	Behind []string `json:"behind" enum:"data,keys" nullable:"false" doc:"Of which there is no whole backup from the last two days"`
}

const backupOrder = "backups"

func backupRoutes(a *API) {
	declare(a, Route{ID: "list-backups", Method: http.MethodGet, Path: "/api/v1/instance/backups", Needs: Need(desk.ReadInstance), Tag: "instance",
		Summary: "What was saved of this install, when, and until when it is kept, newest first"},
		func(ctx context.Context, _ *call, in *Paging) (*given[SavedBackups], error) {
			before, err := in.after(backupOrder)
			if err != nil {
				return nil, err
			}
			all, err := a.Backups.List(ctx, before, in.Limit+1)
			if err != nil {
				return nil, err
			}
			behind, err := a.Backups.Behind(ctx)
			out := SavedBackups{Page: page(all, in.Limit, savedBackup, func(b store.Backup) string { return cursor.Make(backupOrder, int64(b.ID)) }), On: a.Backups.On(), Behind: []string{}}
			for _, kind := range behind {
				out.Behind = append(out.Behind, string(kind))
			}
			return reply(out, err)
		})
}

func savedBackup(b store.Backup) SavedBackup {
	return SavedBackup{b.ID, string(b.Kind), b.Name, string(b.State), b.Reason, b.Bytes, b.Rows, b.Files, b.Sum, stamp(b.BeganAt), moment(b.DoneAt), stamp(b.EndsAt), moment(b.GoneAt)}
}

// meterBackups adds how old the newest backups are.
func (a *API) meterBackups(reg *prometheus.Registry) {
	for _, kind := range []store.BackupKind{store.DataBackup, store.KeyBackup} {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "parley_backup_age_seconds", Help: "Age of the newest whole backup; -1 where there is none.",
			ConstLabels: prometheus.Labels{"kind": string(kind)}}, func() float64 {
			newest, err := a.Backups.Newest(context.Background())
			b, ok := newest[kind]
			if err != nil || !ok {
				return -1
			}
			return a.Clock.Now().Sub(b.BeganAt).Seconds()
		}))
	}
}
