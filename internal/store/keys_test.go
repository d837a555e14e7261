package store_test

import (
	"context"
	"testing"

	"parley/internal/store"
	"parley/internal/vault"
	"parley/internal/vault/vaulttest"
	"parley/test/pgtest"
)

func TestKeyStoreKeepsTheVaultsContract(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(t *testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return pgtest.DB(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			vaulttest.RunKeys(t, func(t *testing.T) vault.Keys {
				keys, err := store.OpenKeys(context.Background(), url(t), t.TempDir())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = keys.Close() })
				return keys
			})
		})
	}
}
