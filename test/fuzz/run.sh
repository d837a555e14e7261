#!/bin/bash
# Runs every fuzz target of the tree for a number of executions each, one after
# the other, and writes docs/fuzz.md. Their seeds run with every go test.
#
#   test/fuzz/run.sh [EXECUTIONS [PATTERN]]     1000000 executions, every target
#
# What was counted before stays in the page until its target is run again. A
# target that fails leaves its input under testdata/fuzz of its package.
set -u
cd "$(dirname "$0")/../.."
count=${1:-1000000} pattern=${2:-.}
page=docs/fuzz.md counts=test/fuzz/counts.txt out=.cache/fuzz status=0
mkdir -p "$out"
touch "$counts"

# targets prints "package target" of every fuzz target.
targets() {
	grep -rHoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*\(f \*testing\.F\)' cmd internal sim test |
		sed -E 's|^(.*)/[^/]+:func (Fuzz[A-Za-z0-9_]*).*|\1 \2|' | LC_ALL=C sort
}

# one runs a target and notes how many executions it had.
one() {
	local package=$1 target=$2 log="$out/$(echo "$1.$2" | tr / -).log" from=$SECONDS
	if ! nice -n 19 go test -run '^$' -fuzz "^$target\$" -fuzztime "${count}x" -fuzzminimizetime 20x -parallel 2 "./$package" >"$log" 2>&1; then
		echo "FAIL $package $target (see $log)"
		tail -n 20 "$log"
		status=1
		return
	fi
	local done
	done=$(grep -oE 'execs: [0-9]+' "$log" | tail -n 1 | grep -oE '[0-9]+')
	grep -vF "$package $target " "$counts" >"$out/counts"
	echo "$package $target ${done:-0} $(date -u +%F)" >>"$out/counts"
	LC_ALL=C sort "$out/counts" >"$counts"
	printf 'ok   %4d s  %9d  %s %s\n' $((SECONDS - from)) "${done:-0}" "$package" "$target"
}

write_page() {
	{
		echo '# Fuzzing'
		echo
		echo 'Written by `make fuzz`, which gives each target 1,000,000 executions; the seeds, and every input that ever broke something, run with `go test`. A target of a package reads bytes that come from outside: from a provider, a browser, a file, a model or the database.'
		echo
		echo '| package | target | executions | on |'
		echo '|---|---|---:|---|'
		targets | while read -r package target; do
			line=$(grep -F "$package $target " "$counts")
			if [ -n "$line" ]; then
				echo "$line" | awk '{ printf "| %s | %s | %d | %s |\n", $1, $2, $3, $4 }'
			else
				echo "| $package | $target | seeds only | |"
			fi
		done
	} >"$page"
}

while read -r package target; do
	one "$package" "$target" </dev/null
	write_page
done < <(targets | grep -E "$pattern")
write_page
exit $status
