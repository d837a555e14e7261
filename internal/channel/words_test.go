package channel_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/i18n"
)

// Every reason that a channel gives has words in every language: the code is
// read for them, so that a new one is not forgotten.
func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	given := regexp.MustCompile(`(?:Bad\(desk\.\w+, |reason: |reason = |Blocked = |Reason: )"([a-z_]+)"`)
	found := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "channeltest") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range given.FindAllStringSubmatch(string(raw), -1) {
			found++
			for _, l := range i18n.Locales() {
				if channel.Words(l, m[1]) == "" {
					t.Errorf("%s: %q has no words in %s", path, m[1], l)
				}
			}
		}
		return nil
	})
	if err != nil || found < 50 {
		t.Errorf("%d reasons found, %v", found, err)
	}
	if channel.Words("en", "") != "" || channel.Words("en", "no_such_reason") != "" {
		t.Error("words for nothing")
	}
}

func TestAMessageWithoutTextIsReadable(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{desk.KindImage, desk.KindVideo, desk.KindAudio, desk.KindFile, desk.KindSticker, desk.KindLocation, desk.KindContacts, desk.KindOrder,
		desk.KindForm, desk.KindStoryMention, desk.KindShare, desk.KindDisappearing, desk.KindTemplate, desk.KindUnsupported, desk.KindUnknown, "hologram"} {
		en, tr := channel.Readable("en", kind), channel.Readable("tr", kind)
		if en == "" || tr == "" || strings.Contains(en, ".") || en == tr && kind != desk.KindVideo {
			t.Errorf("%s: %q, %q", kind, en, tr)
		}
	}
	if channel.Readable("en", desk.KindText) != "" {
		t.Error("a text needs no stand-in")
	}
}
