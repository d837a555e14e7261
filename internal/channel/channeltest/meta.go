package channeltest

import (
	"encoding/hex"
	"testing"

	"parley/internal/channel"
	"parley/internal/kit/secret"
)

// MetaSigned puts Meta's signature beside a body, written here a second time so
// that a slip in the adapter is not repeated in its test.
func MetaSigned(key secret.Text, body []byte) channel.Raw {
	return channel.Raw{Header: map[string]string{"x-hub-signature-256": "sha256=" + hex.EncodeToString(sum(key, body))}, Body: body}
}

// Fuzzed holds whatever bytes a fuzzer thought of to the contract: split within
// bounds, parsed without a panic, and every arrival sound.
func Fuzzed(t *testing.T, ch channel.Channel, acct channel.Account, raw []byte) {
	t.Helper()
	parts, err := ch.Split(channel.Raw{Body: raw})
	if err != nil && len(parts) > 0 || len(parts) > channel.MaxParts {
		t.Fatalf("%d parts beside %v", len(parts), err)
	}
	for _, p := range append(parts, channel.Part{OutsideID: acct.OutsideID, Body: raw}) {
		all, err := ch.Parse(acct, p)
		if err != nil && len(all) > 0 {
			t.Error("arrivals beside an error")
		}
		for i, a := range all {
			sound(t, i, a)
		}
	}
}
