package bench

import (
	"context"
	"encoding/hex"
	"errors"
	"log/slog"
	"time"

	"parley/internal/app"
	"parley/internal/kit/config"
)

// settings are those of the whole program over an install, some time from now.
func (in *install) settings(later time.Duration) (config.Config, error) {
	set := map[string]string{"PARLEY_DATA": in.dir, "PARLEY_DATABASE": in.url, "PARLEY_ROOT_KEY": hex.EncodeToString(in.rootKey[:]),
		"PARLEY_DEV": "1", "PARLEY_CLOCK_OFFSET": later.String()}
	return config.Load(func(name string) string { return set[name] })
}

// program lets fn use the whole program over an install that is shut, as the
// command line does.
func (in *install) program(ctx context.Context, cfg config.Config, fn func(*app.App) error) error {
	open, err := app.Open(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	a, err := app.Build(ctx, open)
	if err == nil {
		err = fn(a)
		a.Close()
	}
	return errors.Join(err, open.Close())
}
