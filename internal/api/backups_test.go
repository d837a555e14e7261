package api_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/store"
)

// An operator reads what was saved, that nothing is saved without a recovery key,
// and of which kind nothing whole is there; nobody of a workspace reads any of it.
func TestAnOperatorReadsWhatWasSavedAndWhatIsMissing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const path = "/api/v1/instance/backups"
		op, _ := w.operator(t)
		saved := func() (out api.SavedBackups) {
			w.want(t, http.StatusOK, op.at(http.MethodGet, path, "")).into(t, &out)
			return out
		}
		if out := saved(); len(out.Items) != 0 || out.On || !slices.Equal(out.Behind, []string{"data", "keys"}) {
			t.Errorf("before the first: %+v", out)
		}
		must(t, w.DB.In(0).Write(t.Context(), func(tx *store.Tx) error {
			b := store.Backup{Kind: store.DataBackup, Name: "data-1.age", EndsAt: tx.Now().Add(24 * time.Hour)}
			if err := tx.BeginBackup(&b); err != nil {
				return err
			}
			b.State, b.Bytes, b.DoneAt = store.BackupDone, 7, tx.Now()
			return tx.SaveBackup(b)
		}))
		if out := saved(); len(out.Items) != 1 || out.Items[0].State != "done" || out.Items[0].Bytes != 7 || !slices.Equal(out.Behind, []string{"keys"}) {
			t.Errorf("with one of the data: %+v", out)
		}
		w.want(t, http.StatusForbidden, ask{cookie: w.a.cookie}.at(http.MethodGet, path, ""))
	})
}
