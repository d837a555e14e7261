#!/bin/bash
# Runs every test and prints the time of each step. Two lanes run side by side:
# Go, and the front end. The front end is built before either, because the Go
# packages embed it. A failing step prints its output; the rest still runs, and
# the exit status is 1.
set -u
cd "$(dirname "$0")/.."
out=.cache/test
rm -rf "$out" && mkdir -p "$out"
began=$SECONDS
export NO_COLOR=1 FORCE_COLOR=0
# As make build does it, so that the program, which some tests build too, the
# tests and what reads the code share what was compiled. Only the race detector
# needs cgo.
export CGO_ENABLED=0 GOFLAGS="-trimpath '-ldflags=-s -w'"
# Tests make thousands of small databases: in memory where the machine has some
# to spare, for they prove nothing about the disk that they do not mount or
# limit themselves.
if [ -w /dev/shm ] && [ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -gt 4000000 ]; then
	TMPDIR=$(mktemp -d /dev/shm/XXXXXX) # short: sockets have short names
	chmod 1777 "$TMPDIR" # PostgreSQL runs as another user where this runs as root
	trap 'rm -rf "$TMPDIR"' EXIT
	export TMPDIR
fi

# step NAME COMMAND… runs one step, keeps its output and notes how it went.
step() {
	local name=$1 from=$SECONDS ok=ok
	shift
	"$@" >"$out/$name.log" 2>&1 </dev/null || ok=FAIL
	printf '%-4s %4d s  %s\n' "$ok" $((SECONDS - from)) "$name" | tee -a "$out/times"
	[ $ok = ok ] && return 0
	{
		echo "---- $name: $*"
		# With many packages the passing ones only hide the failing one.
		grep -vE '^(ok  |\?   )' "$out/$name.log" | tail -n 200
		echo "----"
	} >&2
	touch "$out/failed"
	return 1
}
in_web() { (cd web && "$@"); }

# The rooms where goroutines meet. Those above the store do not know which engine
# is below them: the detector, which makes all ten times as slow, sees them on
# SQLite alone.
race=() above=()
for room in kit/clock kit/pace vault/... store/... live; do race+=("./internal/$room"); done
for room in flow intake answer deliver media; do above+=("./internal/$room"); done
# What one goroutine does alone has no races, and the detector makes it ten times
# as slow: these run without it, among all the others.
alone='^Test(AnInstallMovesToPostgreSQL|AMoveThatFails|NumberedArguments|TheDataMap|EveryColumn|EveryStatement|AForeignSchema|ErasureCoversEveryTable|NoStatementReaches|AMissingWorkspaceFilter|ADumpOfEveryTable|AnActIsNotBegun|AISettings|AVendorsKey|AILogs|ACaseIsOpened|AnOutsideID|SearchFinds|ErasedWords|ResultsOfTheLab|TestsOfTheLab|AFileKeeps|EveryWayThatEnds|AConversationReads|MessagesOfTheSame|ASavedReply|TheSchema|TheWayToPostgreSQL|PostgreSQLIsBelieved|AMessageReads|ARepeatedExternal|ViewsList|AReservation|AnAnswer|AModelAnswersOnly|WordsOfAModel|TheSecondVendor|TheDaysLimit|PrivateDetails|WhatIsSpecial|ThePreview|ARewritten|SettingsAre|AQuestionIsAsked|ATestSays|ANightRings|AChangeIsTried|ATrialThat|TheGateNames|TheLabAsks|TheAlarmRings|EachNight|ThanksAndYes|IdleStreams|HostileFiles)'

prepare_go() {
	step modules sh -c 'go mod download && go mod verify' &&
		step build-tools go build -o "$out/" honnef.co/go/tools/cmd/staticcheck ./test/withpg
}
# Go's tests wait more than they work: four packages at a time, and beside them
# what works. The analysers come when everything they read is compiled.
lane_go() {
	step go-test "$out/withpg" go test -p 4 -vet=off -timeout 12m ./...
	step vet go vet ./...
	[ ! -e .git ] || step leaks go run ./test/leaks
}
lane_web() {
	step web-check in_web npm run --silent check
	step web-test in_web npm test --silent
	step web-size in_web npm run --silent size
	step go-race "$out/withpg" env CGO_ENABLED=1 go test -race -vet=off -timeout 12m -skip "$alone" "${race[@]}"
	step go-race-above "$out/withpg" env CGO_ENABLED=1 go test -race -vet=off -timeout 12m -skip "$alone|/postgres" "${above[@]}"
	step staticcheck "$out/staticcheck" ./...
}

prepare_go &
step web-build make --no-print-directory web
wait
lane_web &
lane_go
wait
# Screens against stand-in servers, for what the real program cannot be made to
# do: be slow, go away, lose an answer. Both end by themselves, or are ended.
step chat-journeys in_web timeout 150 node --test widget/test/journey.test.mjs &
step screen-journeys in_web timeout 150 npm run --silent journey
wait
# The journeys want the machine for themselves: they time what people wait for.
step browser make --no-print-directory e2e
echo "---- every step"
cat "$out/times"
printf '     %4d s  together\n' $((SECONDS - began))
[ ! -e "$out/failed" ]
