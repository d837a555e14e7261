package desk

import "testing"

// asvs: V6.3.3, V8.3.1
func TestNothingOpensToASignInThatOwesSomethingButWhatSettlesIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		passed   bool
		factors  int
		demanded bool
		want     Step
	}{
		{false, 0, false, StepIn}, {false, 0, true, StepEnrol}, {false, 1, false, StepFactor}, {false, 2, true, StepFactor},
		{true, 1, true, StepIn}, {true, 1, false, StepIn}, {true, 0, false, StepIn},
		{true, 0, true, StepEnrol}, // the last one was taken away meanwhile
	} {
		if got := Owed(c.passed, c.factors, c.demanded); got != c.want {
			t.Errorf("%+v owes %q", c, got)
		}
	}
	for route, open := range map[Step]map[Step]bool{
		StepIn:     {StepIn: true},
		StepEnrol:  {StepIn: true, StepEnrol: true},
		StepFactor: {StepIn: true, StepEnrol: true, StepFactor: true},
	} {
		for _, owed := range []Step{StepIn, StepEnrol, StepFactor} {
			if route.Reaches(owed) != open[owed] {
				t.Errorf("a route that works at %q while %q is owed", route, owed)
			}
		}
	}
	if StepIn.Reaches("anything") || StepEnrol.Reaches("anything") {
		t.Error("an unknown step opens")
	}
}

func TestADemandReachesTheRolesItNames(t *testing.T) {
	t.Parallel()
	for _, r := range []Role{RoleOwner, RoleAdmin, RoleAgent, RoleAnalyst, RoleBilling, RolePrivacy, RoleOperator} {
		wide := r == RoleOwner || r == RoleAdmin || r == RoleOperator
		if DemandNobody.Of(r) || Demand("").Of(r) || DemandAdmins.Of(r) != wide || !DemandEveryone.Of(r) {
			t.Errorf("%s", r)
		}
	}
	if ValidDemand("") || ValidDemand("all") || !ValidDemand(DemandNobody) {
		t.Error("demands")
	}
}
