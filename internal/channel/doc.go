// Package channel is the contract a channel fulfils and the registry the rest
// of the program reaches channels through.
//
// A channel turns bytes into nouns and nouns into calls. It promises to be
// pure in Parse, to verify before anything is stored, to make at most one call
// that delivers something per Send, and to know nothing of SQL, HTTP servers or
// other channels. What it can do beyond that it says as data (Info, desk.Skills)
// and by the small interfaces of skill.go, so that nothing outside asks which
// channel it has.
//
// A new channel is one folder here, one line in app/channels.go and a test that
// calls channeltest.Run; channeltest/pigeon is one made to prove that. Reasons
// it gives need words: i18n "fault.", "scope.", "field.", "health." and "kind.".
package channel
