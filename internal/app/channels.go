package app

import (
	"parley/internal/channel"
	"parley/internal/channel/instagram"
	"parley/internal/channel/messenger"
	"parley/internal/channel/meta"
	"parley/internal/channel/whatsapp"
	"parley/internal/channel/widget"
)

// channels is THE list of channels, one line each.
func channels(graph *meta.Graph) *channel.Registry {
	return channel.NewRegistry(
		widget.New(),
		instagram.New(graph),
		messenger.New(graph),
		whatsapp.New(graph),
	)
}
