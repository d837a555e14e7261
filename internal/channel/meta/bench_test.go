package meta_test

import (
	"testing"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/meta"
	"parley/internal/kit/secret"
)

// What one delivery costs at the door before anything is stored: three channels
// share it.
func BenchmarkDoor(b *testing.B) {
	keys := []secret.Text{secret.New("app secret"), secret.New("instagram secret")}
	raw := channeltest.MetaSigned(keys[0], []byte(`{"object":"page","entry":[{"id":"1000500010005","time":1790000000500,"messaging":[{"sender":{"id":"7301"},"recipient":{"id":"1000500010005"},"timestamp":1790000000123,"message":{"mid":"m_kkucraUDpHB45cosMDAwMDUx","text":"Merhaba, kaban stokta m\u0131? Bedenim 38 ve k\u0131rm\u0131z\u0131 istiyorum."}}]}]}`))
	for b.Loop() {
		for range 3 {
			if err := meta.VerifyRaw(keys, raw); err != nil {
				b.Fatal(err)
			}
		}
		var parts []channel.Part
		for _, object := range []string{"page", "instagram"} {
			some, err := meta.SplitMessaging(raw.Body, object)
			if err != nil {
				b.Fatal(err)
			}
			parts = append(parts, some...)
		}
		if _, err := meta.SplitChanges(raw.Body, "whatsapp_business_account"); err != nil || len(parts) != 1 {
			b.Fatal(len(parts), err)
		}
	}
}
