package intake

import (
	"strconv"
	"strings"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/store"
)

// numbered reads a message that is a number as the choice it stands for: only
// right after a message of ours whose choices the channel got as numbers.
func (in *Intake) numbered(tx *store.Tx, f *filing, c store.Row, m *desk.Message) error {
	n := numberIn(string(m.Body))
	if n == 0 || m.Kind != desk.KindText || m.Direction != desk.In || c.LastSeq == 0 {
		return nil
	}
	last, err := tx.MessagesBefore(c.ID, 0, lookBack)
	if err != nil {
		return err
	}
	for _, asked := range last {
		switch {
		case asked.Direction == desk.In:
			return nil // they wrote something else meanwhile: the number may mean anything
		case asked.Direction != desk.Out:
			continue // a note or a line
		case asked.Status == desk.StatusFailed, asked.Status == desk.StatusCancelled, asked.Status == desk.StatusQueued:
			continue // the person never saw it
		case asked.Deleted || n > len(asked.Buttons) || !channel.Numbered(asked.Buttons, f.skills) || asked.Buttons[n-1].ID == "":
			return nil
		}
		m.Kind, m.Buttons = desk.KindChoice, []desk.Button{asked.Buttons[n-1]}
		return nil
	}
	return nil
}

// numberIn is the number that a text is and nothing else: "2", "2.", "2)"; 0
// none.
func numberIn(said string) int {
	said = strings.TrimRight(strings.TrimSpace(said), ".)")
	if len(said) > 2 {
		return 0
	}
	n, err := strconv.Atoi(said)
	if err != nil || n < 1 {
		return 0
	}
	return n
}
