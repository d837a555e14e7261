package channel

import (
	"slices"
	"strings"

	"parley/internal/desk"
)

// CheckFile says before a call whether a channel takes a file. Reasons:
// file_kind, file_type, file_too_large, file_needs_url.
func CheckFile(skills desk.Skills, f desk.File) error {
	rule, ok := skills.MediaFor(f.Kind)
	mime, _, _ := strings.Cut(strings.ToLower(f.Mime), ";")
	reason := ""
	switch {
	case !ok:
		reason = "file_kind"
	case len(rule.Mimes) > 0 && !slices.Contains(rule.Mimes, strings.TrimSpace(mime)):
		reason = "file_type"
	case f.Size > rule.Max:
		reason = "file_too_large"
	case skills.FileURLs && f.URL == "":
		reason = "file_needs_url"
	case f.URL == "" && f.Open == nil:
		reason = "file_gone"
	default:
		return nil
	}
	return desk.Fail(desk.Invalid, reason, Words("en", reason))
}
