package media

import (
	"context"
	"log/slog"
	"time"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/picture"
	"parley/internal/kit/scan"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Kinds of work: FetchWork reads one file from its channel, in a lane of its own;
// DropWork takes bytes off the disk whose rows are gone, keyed by workspace.
const (
	FetchWork = "fetch_media"
	DropWork  = "drop_media"
)

// fetchers is how many files are read at the same time; each may hold a picture
// in memory.
const fetchers = 4

const (
	// drawMemory is what all pictures that are drawn anew hold together: a
	// telephone's of 50 million points needs seven bytes for each of them.
	drawMemory = 384 << 20
	// drawTime is for one of them, waiting and drawing.
	drawTime = 30 * time.Second
)

// Parts is what media is made of.
type Parts struct {
	DB       *store.DB
	Flow     *flow.Flow
	Channels *channel.Registry
	Blobs    *blob.Folder
	// PublicURL is where channels fetch files that they do not take as bytes; ""
	// where nobody outside could reach it.
	PublicURL string
	Scanner   *scan.Scanner // looks files through before they are kept; nil = nobody does
	Letters   Letters       // tells owners when there is no room; nil = nobody is mailed
	Log       *slog.Logger
}

// Media keeps files.
type Media struct {
	Parts
	drawer *picture.Redrawer
}

// New makes a Media.
func New(p Parts) *Media {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Media{p, picture.NewRedrawer(drawMemory)}
}

// Handlers lists the work media does.
func (md *Media) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: FetchWork, Workers: fetchers, Run: md.fetch}, {Kind: DropWork, Workers: 1, Run: md.dropLanes}}
}

// Expect notes, in the transaction that files a message, the files its channel
// holds, and has them fetched.
func (md *Media) Expect(tx *store.Tx, contact desk.ID, m desk.Message) error {
	for i, ref := range m.Files {
		f := desk.Media{Contact: contact, Conversation: m.Conversation, Message: m.ID, Place: i, Kind: ref.Kind, Role: ref.Role, State: desk.MediaWaiting,
			Mime: text.Cut(ref.Mime, maxMime), Name: cleanName(ref.Name), Size: max(ref.Size, 0), Voice: ref.Voice, Animated: ref.Animated, KeepUntil: ref.KeepUntil}
		if ref.ID == "" && ref.URL == "" || !ref.KeepUntil.IsZero() && !ref.KeepUntil.After(tx.Now()) {
			f.State, f.Reason, f.KeepUntil = desk.MediaGone, "media_expired", time.Time{}
		}
		if err := tx.InsertMedia(&f); err != nil {
			return err
		}
		if f.State != desk.MediaWaiting {
			continue
		}
		if err := md.Flow.Add(tx, flow.Item{Kind: FetchWork, Key: f.ID, Object: f.ID, Conversation: m.Conversation, Message: m.ID}); err != nil {
			return err
		}
	}
	return nil
}

// Open opens the bytes of a ready file until ctx ends; the caller closes them.
// desk.NotFound when they are gone.
func (md *Media) Open(ctx context.Context, m desk.Media) (*blob.Reader, error) {
	if m.State != desk.MediaReady {
		return nil, desk.Fail(desk.NotFound, "file_gone", "the file is not there")
	}
	return md.Blobs.Open(ctx, place(m), m.Blob)
}

func place(m desk.Media) blob.Place {
	return blob.Place{Workspace: m.Workspace, Media: m.ID, Subject: m.Contact}
}
