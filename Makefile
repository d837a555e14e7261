# Parley: make run to see it, make test to trust it. README.md says more.

GO_SOURCES  := $(shell find cmd internal web -name '*.go' -not -path '*/node_modules/*' 2>/dev/null)
GO_EMBEDDED := $(shell find internal -type f -not -name '*.go' -not -path '*/testdata/*' 2>/dev/null)
PDFIUM      := internal/knowledge/extract/pdf/wasm/pdfium.wasm
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -name '*.go' 2>/dev/null)

# A target whose recipe fails half-way is not up to date.
.DELETE_ON_ERROR:
.PHONY: run test check build web bench e2e

## run: build everything and start the demo with its data in ./data/demo
run: build
	@exec ./bin/parley demo --data ./data/demo $(ARGS)

## test: every test there is; installs what is missing through apt, or says how
test:
	@test/deps.sh
	@test/run.sh

## check: the fast inner loop: vet, the house rules, the pure packages
check:
	go vet ./...
	go test ./internal/archtest ./internal/kit/... ./internal/desk/...

## build: bin/parley, one file with the front end inside
build: bin/parley

bin/parley: go.mod go.sum $(GO_SOURCES) $(GO_EMBEDDED) web/dist/app.html $(PDFIUM) | needs-go
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o $@ ./cmd/parley

## web: the front end into web/dist, and PDFium, which npm brings too, to the reader of PDF
web: web/dist/app.html $(PDFIUM)

web/dist/app.html: web/node_modules/.installed $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

# Only the PDFium the program was written for: its sum stands in pdf/embed.go.
$(PDFIUM): web/node_modules/.installed internal/knowledge/extract/pdf/embed.go
	cp web/node_modules/@hyzyla/pdfium/LICENSE.md $(@D)/
	cp web/node_modules/@hyzyla/pdfium/dist/pdfium.wasm $@
	@printf '%s  %s\n' "$$(sed -n 's/^const Sum = "\(.*\)"/\1/p' internal/knowledge/extract/pdf/embed.go)" $@ | sha256sum --check --quiet -

web/node_modules/.installed: web/package.json web/package-lock.json | needs-node
	cd web && npm ci --no-audit --no-fund
	@touch $@

## bench: one figure with its bound, for example: make bench NAME=inbox
bench: build
	@./bin/parley bench $(NAME) $(ARGS)

## e2e: browser journeys on the real binary (Debian's Chromium)
e2e: build
	node --test --test-concurrency=4 test/e2e/*.test.mjs

.PHONY: needs-go needs-node
needs-go:
	@command -v go >/dev/null || { echo 'Parley is built with Go 1.26 or newer: https://go.dev/dl/' >&2; exit 2; }
needs-node:
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null \
		|| { echo 'The front end is built with Node 20.19 or newer: https://nodejs.org/' >&2; exit 2; }

## fuzz: every fuzz target, a million executions each (hours), and docs/fuzz.md
.PHONY: fuzz
fuzz:
	test/fuzz/run.sh

## leaks: looks for secrets in the tree and in every commit
.PHONY: leaks
leaks:
	@go run ./test/leaks

## mutate: takes each check of who may do what out, sees that a test fails, and writes docs/mutations.md
.PHONY: mutate
mutate:
	@test/withpg go run ./test/mutate

## faults: puts faults into the program, one at a time, sees that the checks of the promises turn red, and writes docs/faults.md
.PHONY: faults
faults:
	go run ./test/faults
