package app

import (
	"parley/internal/channel"
	"parley/internal/channel/widget"
)

// channels is THE list of channels, one line each.
func channels() *channel.Registry {
	return channel.NewRegistry(
		widget.New(),
	)
}
