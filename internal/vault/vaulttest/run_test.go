package vaulttest

import (
	"testing"

	"parley/internal/vault"
)

func TestMemoryKeysKeepTheContract(t *testing.T) {
	t.Parallel()
	RunKeys(t, func(*testing.T) vault.Keys { return NewKeys() })
}
