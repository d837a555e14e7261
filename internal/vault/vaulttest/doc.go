// Package vaulttest helps to test what uses a vault: a key store in memory, a
// vault that is ready to use, and RunKeys, which every key store must pass.
//
// It promises to keep to the contract of vault.Keys as a database would. It is
// for tests only and never ships.
package vaulttest
