package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"parley/internal/kit/config"
	"parley/internal/kit/secret"
)

// Every secret setting holds a word of its own; however the settings are shown,
// none of the words is there (asvs: V13.3.2, V16.2.5).
func TestNoSecretSettingEverShows(t *testing.T) {
	t.Parallel()
	var c config.Config
	v, canaries := reflect.ValueOf(&c).Elem(), []string{}
	for i := range v.NumField() {
		if held, ok := v.Field(i).Addr().Interface().(*secret.Text); ok {
			word := fmt.Sprintf("canary%02dsecret", i)
			*held = secret.New(word)
			canaries = append(canaries, word, fmt.Sprintf("%x", word))
		}
		name := strings.ToLower(strings.TrimPrefix(v.Type().Field(i).Name, "TLSKey")) // which is a file's path
		name = strings.TrimPrefix(name, "recoverykey")                                // which is the public half
		for _, word := range []string{"secret", "password", "token", "key"} {
			if _, text := v.Field(i).Interface().(string); text && strings.HasSuffix(name, word) {
				t.Errorf("%s is a secret by its name and an open text by its type", v.Type().Field(i).Name)
			}
		}
	}
	if len(canaries) < 10 {
		t.Fatal("the walk found too few secrets")
	}
	var out bytes.Buffer
	holders := []any{c, &c, []config.Config{c}, map[string]any{"c": &c}, struct{ In *config.Config }{&c}, fmt.Errorf("start: %v %+v %#v", c, &c, c)}
	for _, held := range holders {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb+"\n", held)
		}
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "held", held)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "held", held)
		if err := json.NewEncoder(&out).Encode(held); err != nil {
			t.Fatal(err)
		}
	}
	for _, word := range canaries {
		if strings.Contains(strings.ToLower(out.String()), word) {
			t.Errorf("%s shows", word)
		}
	}
}
