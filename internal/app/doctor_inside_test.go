package app

import (
	"testing"

	"parley/internal/kit/config"
)

// covers H-79: an install that others reach and that names nobody for weaknesses
// is told so by the doctor, and not only by the page that fails.
func TestTheDoctorAsksForASecurityContact(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		url, contact string
		want         State
	}{
		{"https://parley.northwind.example", "", Warn},
		{"https://parley.northwind.example", "mailto:security@northwind.example", OK},
		{"http://127.0.0.1:8080", "", OK},
	} {
		a := &App{Install: &Install{Config: config.Config{PublicURL: c.url, SecurityContact: c.contact}}}
		if got := a.checkContact(); got.State != c.want {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}
