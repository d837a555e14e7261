package main

const intro = "# What happens when a check is taken out\n\n" +
	"Written by `make mutate`, which takes the checks of who may do what out of the program, one at a time, and names the test that fails then (test/mutate/doc.go).\n\n" +
	"The filters of SQL are a run of their own, in every `go test ./internal/store`: TestNoStatementReachesAnotherWorkspace runs each statement beside a twin workspace, and TestAMissingWorkspaceFilterIsAlwaysNoticed takes each filter of a workspace out of each statement and sees that the first test would fail.\n\n" +
	"%d checks:\n\n| file | in | check | noticed by |\n|---|---|---|---|\n"
