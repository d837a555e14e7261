package instagram

import (
	"encoding/json"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
)

// object is the webhook object of a professional account (2.4).
const object = "instagram"

// Identity is the kind of a person's Instagram-scoped id.
const Identity = "igsid"

// Split cuts a delivery by professional account.
func (c *Channel) Split(raw channel.Raw) ([]channel.Part, error) {
	return meta.SplitMessaging(raw.Body, object)
}

// Parse reads the events of one professional account (3.2).
func (c *Channel) Parse(_ channel.Account, p channel.Part) ([]desk.Arrival, error) {
	r := meta.Reader{Identity: Identity, Apps: c.graph.Apps()}
	return meta.Events(p.Body, object, func(ev meta.Event, raw json.RawMessage) []desk.Arrival { return event(r, ev, raw) },
		func(ch meta.Change) []desk.Arrival { return []desk.Arrival{meta.Counted(changed(ch))} })
}

// changed names what an account tells that is no message: comments and
// mentions, which share the door and are outside what Parley reads.
func changed(ch meta.Change) string {
	if f := ch.Field.Word(); f != "" {
		return f
	}
	return "change"
}

func event(r meta.Reader, ev meta.Event, raw json.RawMessage) []desk.Arrival {
	if all, ok := r.Common(ev, raw); ok {
		return all
	}
	m := ev.Message.V
	switch {
	case !ev.Message.OK:
		return []desk.Arrival{r.Unread(ev, raw)}
	case bool(m.Self):
		return []desk.Arrival{meta.Counted("self")} // a test message of the account to itself
	case bool(m.Deleted):
		return []desk.Arrival{r.Unsent(ev)}
	}
	a := r.Base(desk.ArrivedMessage, ev)
	r.Content(ev, &a)
	if a.ExternalID == "" {
		a.ExternalID = meta.RawKey("message", raw)
	}
	if m.ReplyTo.V.Story.OK {
		story(&a, m.ReplyTo.V.Story.V)
	}
	for _, t := range m.Attached() {
		if !meta.Attach(&a, t) && !attach(&a, t) {
			meta.Unknown(&a, t)
		}
	}
	return []desk.Arrival{a}
}

// story notes which story a message answers; its media is the business's own
// and ends with the story.
func story(a *desk.Arrival, s meta.Story) {
	meta.Kinded(a, desk.KindStoryReply)
	meta.Extra(a).Story = &desk.Story{ID: s.ID.ID(), Reply: true}
	meta.Media(a, passing(a, s.URL.Link()))
}

// passing is media that must not be kept longer than its story.
func passing(a *desk.Arrival, url string) desk.MediaRef {
	end := a.At.Add(meta.StoryLife)
	return desk.MediaRef{Kind: desk.MediaImage, Role: desk.RoleStory, URL: url, Expires: end, KeepUntil: end}
}

// attach reads the attachments that only Instagram has.
func attach(a *desk.Arrival, t meta.Attachment) bool {
	switch t.Type.Word() {
	case "story_mention":
		a.MsgKind = desk.KindStoryMention
		meta.Extra(a).Story = &desk.Story{ID: t.Payload.V.ID.ID()}
		meta.Media(a, passing(a, t.Link()))
	case "story", "ig_story":
		meta.Kinded(a, desk.KindShare)
		x := meta.Extra(a)
		x.Links = append(x.Links, desk.Link{Kind: "story", Title: t.Name(), ID: t.Payload.V.ID.ID()})
		meta.Media(a, passing(a, t.Link()))
	case "ephemeral":
		meta.Kinded(a, desk.KindDisappearing)
	case "media":
		meta.Kinded(a, desk.KindFile)
		meta.Media(a, desk.MediaRef{Kind: desk.MediaFile, URL: t.Link(), Name: t.Name()})
	default:
		return false
	}
	return true
}
