package desk_test

import (
	"testing"

	"parley/internal/desk"
)

// Owners manage everybody, admins those who manage nobody, and nobody else
// manages anybody; a cut key no more than it was cut to.
// covers H-48
func TestOnlyWhoMayManagesMembers(t *testing.T) {
	t.Parallel()
	for _, by := range desk.Roles() {
		for _, of := range desk.Roles() {
			want := by == desk.RoleOwner || by == desk.RoleAdmin && !desk.Can(of, desk.WriteMembers)
			if may := (desk.Actor{Kind: desk.ByMember, Role: by}).MayManage(of); may != want {
				t.Errorf("%s manages %s: %v", by, of, may)
			}
			cut := desk.Actor{Kind: desk.ByKey, Role: by, Cut: []desk.Permission{desk.WriteMembers, desk.WriteAdmins}}
			if cut.MayManage(of) {
				t.Errorf("a key of %s that was cut manages %s", by, of)
			}
		}
	}
}
