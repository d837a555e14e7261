package audit

import "strings"

// maxMark is how long a mark is at most, with room for the breaks of a mail.
const maxMark = 1024

// ReadMarks finds the marks in a text that somebody kept: a saved mail, a line of
// parley audit mark, a print-out that was typed. What is no mark is passed over;
// none of them is verified yet.
func ReadMarks(text string) []Mark {
	text = strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=").Replace(text) // how mails break long lines
	var all []Mark
	seen := map[string]bool{}
	for {
		i := strings.Index(text, markHead)
		if i < 0 {
			return all
		}
		text = text[i:]
		fields := strings.Fields(text[:min(len(text), maxMark)])
		text = text[len(markHead):]
		if len(fields) < 9 {
			continue
		}
		fields[8] = leading(fields[8])
		line := strings.Join(fields[:9], " ")
		var m Mark
		if m.UnmarshalText([]byte(line)) == nil && !seen[line] {
			seen[line] = true
			all = append(all, m)
		}
	}
}

// leading is what of a text is base64, up to the first letter that is none.
func leading(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '+' || r == '/')
	})
	if end < 0 {
		return s
	}
	return s[:end]
}

// keptAt begins the list of hashes to compare with: of what was pruned, those of
// the checkpoints that stayed.
func (c Claim) keptAt() map[int64]Hash {
	at := map[int64]Hash{}
	for _, m := range c.Kept {
		at[m.No] = Hash{}
	}
	for _, m := range c.Checkpoints {
		if _, asked := at[m.No]; asked {
			at[m.No] = m.Hash
		}
	}
	return at
}

// checkKept holds the chain to the marks that somebody kept elsewhere: whoever
// rewrote it with the key in hand signed its checkpoints anew, and cannot change
// those. hashes are the chain's own at the numbers of the marks.
func (c Claim) checkKept(r Report, hashes map[int64]Hash) error {
	for _, m := range c.Kept {
		switch hash := hashes[m.No]; {
		case m.Workspace != c.Workspace:
			return c.broken(m.No, m.No, "the mark that was kept is of another chain")
		case m.Verify(c.Trusted...) != nil:
			return c.broken(1, m.No, "the mark that was kept is not signed by this install's key, or was changed")
		case m.No > r.Last.No:
			return c.broken(r.Last.No+1, m.No, "missing at the end: a mark that was kept covers them")
		case hash != m.Hash:
			return c.broken(m.Since+1, m.No, "written anew: a mark that was kept has another hash")
		}
	}
	return nil
}
