package api_test

import (
	"context"
	"sync/atomic"
	"testing"

	"parley/internal/api"
	"parley/internal/desk"
)

// taken counts what a website chat handed on to be filed.
type taken struct{ parts atomic.Int64 }

func (n *taken) AcceptPart(context.Context, desk.Account, []byte) error {
	n.parts.Add(1)
	return nil
}

// A website chat of a suspended workspace says that it is closed, takes nothing
// in that nobody would read, keeps what is a visitor's right, and opens by itself.
// covers A-4.3-04
func TestTheChatOfASuspendedWorkspaceIsClosedUntilThatIsLifted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		filed := &taken{}
		w.api.Parts = filed
		op, _ := w.operator(t)
		token := w.chatToken(t, w.a)
		chat := "/api/v1/widget/key-" + w.a.canary
		by := func(path, body string) ask {
			return ask{method: "POST", path: chat + path, body: body, header: map[string]string{"Authorization": "Widget " + token}}
		}
		session := func() (s api.WidgetSession) {
			t.Helper()
			var boot struct {
				Token string `json:"boot_token"`
			}
			w.want(t, 200, ask{method: "GET", path: "/w/key-" + w.a.canary, header: map[string]string{"Referer": w.server.URL + "/"}}).into(t, &boot)
			w.want(t, 200, ask{method: "POST", path: chat + "/session", body: `{"boot_token":"` + boot.Token + `","token":"` + token + `","consent":"granted"}`}).into(t, &s)
			return s
		}
		begun := session()
		if begun.Shut {
			t.Fatal("an open chat says that it is closed")
		}
		open := w.listen(t, ask{path: chat + "/stream?after=" + begun.No, header: map[string]string{"Authorization": "Widget " + begun.Token}})
		hears := func(data string) {
			t.Helper()
			for f := open.next(t); f.event != "shut" || f.data != data; f = open.next(t) {
			}
		}
		operate := func(act string) {
			t.Helper()
			w.want(t, 200, op.at("POST", "/api/v1/instance/workspaces/"+w.a.ws.ID.String()+"/"+act, `{"reason":"r"}`))
		}
		operate("suspend")
		hears(`{"shut":true}`)
		if !session().Shut {
			t.Error("a visit that begins in a suspended workspace is not told")
		}
		for path, body := range map[string]string{"/messages": `{"client_id":"client-1","body":"Hello"}`, "/person": ""} {
			if g := w.want(t, 409, by(path, body)); g.problem(t).Code != "chat_shut" {
				t.Errorf("%s: %s", path, g.body)
			}
		}
		if n := filed.parts.Load(); n != 0 {
			t.Errorf("%d were taken in", n)
		}
		w.want(t, 200, by("/consent", `{"state":"withdrawn"}`))
		w.want(t, 204, by("/end", ""))
		operate("lift")
		hears(`{"shut":false}`)
		if session().Shut {
			t.Error("the chat stays closed after the suspension")
		}
		w.want(t, 201, by("/messages", `{"client_id":"client-1","body":"Hello"}`))
		if n := filed.parts.Load(); n != 3 {
			t.Errorf("%d of a withdrawal, an end and a message were taken in", n)
		}
	})
}
