package app

import (
	"fmt"

	"parley/internal/kit/config"
	"parley/internal/kit/geo"
)

// placesOf reads the file that tells where an address is; a nil one knows nothing.
func placesOf(cfg config.Config) (*geo.File, error) {
	if cfg.GeoFile == "" {
		return nil, nil
	}
	f, err := geo.Open(cfg.GeoFile)
	if err != nil {
		return nil, fmt.Errorf("PARLEY_GEO_FILE: %w", err)
	}
	return f, nil
}

// checkPlaces looks through the file as it is now.
func (a *App) checkPlaces() Finding {
	if a.Config.GeoFile == "" {
		return Finding{"places", OK, "PARLEY_GEO_FILE is not set: sign-ins show no place"}
	}
	f, err := placesOf(a.Config)
	if err == nil {
		err = f.Check()
	}
	return verdict("places", err, "PARLEY_GEO_FILE is whole: sign-ins show city and country")
}
