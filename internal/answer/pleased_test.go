package answer_test

import (
	"testing"

	"parley/internal/answer"
)

func TestThanksAndYesAreTold(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"Thanks a lot!": true, "teşekkürler": true, "Yes": true, "Evet, tamam": true, "OK 👍": true, "نعم": true, "Ja, genau.": true,
		"": false, "No": false, "Yes, but where is my order?": false, "ok and how much is shipping": false, "Was kostet das?": false,
	} {
		if got := answer.Pleased(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}
