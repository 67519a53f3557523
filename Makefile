# make demo and make test are all that is needed to try the project; the rest is for working on it.
#
# demo, build and cross need Go alone. test and check install what else they need, see scripts/needs.sh.

# A release is named after its tag; the program itself names its commit.
VERSION := $(shell git describe --tags --match 'v[0-9]*' --dirty 2>/dev/null || echo dev)
GOBUILD  = go build -ldflags '-s -w -X main.version=$(VERSION)'

# Everything is built as it is shipped: without C, and without the path it was built at. One way to build also means that one
# step finds in the cache what another has compiled.
export CGO_ENABLED = 0
export GOFLAGS    := $(shell go env GOFLAGS) -trimpath

.DEFAULT_GOAL := help

.PHONY: help
help: ## tell what there is to make
	@sed -n 's/^\([a-z-]*\):.* ## \(.*\)/\1\t\2/p' Makefile | awk -F'\t' '{printf "make %-16s %s\n", $$1, $$2}'

.PHONY: demo
demo: build ## build and run the demo; ends with Ctrl-C
	@./bin/diaoxiao demo

.PHONY: build
build: ## build bin/diaoxiao, and bin/diaoxiao-verify, which only verifies receipts
	$(GOBUILD) -o bin/ ./cmd/diaoxiao ./cmd/diaoxiao-verify

.PHONY: test
test: ## run all tests, then the durability suite (a few minutes; needs root or sudo)
	@scripts/test.sh

.PHONY: durability-long
durability-long: ## the durability suite at full length (hours)
	@scripts/test.sh durability long
	go test -count=1 -timeout 30m ./internal/receiver/evidencelog -run '^TestDrills$$' -args -drills 200

.PHONY: durability-patroni
durability-patroni: ## the loss of a machine of a cluster that Patroni manages (a minute or two; installs Patroni and etcd)
	@scripts/test.sh durability patroni

.PHONY: check
check: format style vet staticcheck pins generated race fuzz ## all checks that are not tests

.PHONY: format
format: ## all Go files are as gofmt writes them
	@wrong=$$(gofmt -l .); test -z "$$wrong" || { echo "not as gofmt writes them:"; echo "$$wrong"; exit 1; }

.PHONY: style
style: ## lines of at most 120 columns, doc comments that begin with their identifier, plain words in comments
	go run ./scripts/style

.PHONY: vet
vet: ## go vet, for every system we build for
	go vet ./...
	GOOS=windows go vet ./...

.PHONY: staticcheck
staticcheck: ## staticcheck, for every system we build for
	go build -o .cache/staticcheck honnef.co/go/tools/cmd/staticcheck
	.cache/staticcheck ./...
	GOOS=windows .cache/staticcheck ./...

.PHONY: pins
pins: ## go.mod is tidy, its modules unaltered, and the SQLite driver has the C library it was built for
	@scripts/pins.sh

.PHONY: generated
generated: ## generated files are up to date
	@scripts/generated.sh

.PHONY: generate
generate: ## write them anew
	@scripts/generated.sh write

# SQLite's own code is C in Go's words, which no goroutine of ours enters but through its driver. Watched by the detector it takes ten
# times as long; the driver is watched.
UNWATCHED = -gcflags='modernc.org/...=-race=false' -gcflags=modernc.org/sqlite=

# Tests that are long and do one thing after the other, in goroutines that shorter tests have too: lists over many windows, measures of
# memory, rules of sign-in, tampered and foreign databases, searches, packages. The package . reads documents, and conformance asks one
# question after the other.
ONE_BY_ONE = CaseThatBeginsAWindow NumbersAcrossWindows ListCheckIsTheVerifiers InspectCounterparts DamagedBody \
	ListInFlatMemory MemoryOfManyItems AllocationsOfManyItems ItemLimit S24PageBytes S16Defaults S12HostileVectors PrintIsBounded \
	DecisionsOnDisabled OperatorsCheckClean Lock Founders FounderPlace ChangePassword Login WhoMayCome AdminAlone.* AuditDetails \
	ForeignObjects CopyRefuses CheckFinds.* Manipulations BitFlips Drills ThirtyYears Archive (Case|Firm|Verify)Package
SKIPPED = -skip '^Test($(subst $(eval ) ,|,$(strip $(ONE_BY_ONE))))$$|^TestStore$$/./^cases_searched$$'

.PHONY: race
race: ## the tests of all in which something runs at once, the longest cut short, under the race detector
	@scripts/needs.sh gcc curl postgres chromium
	CGO_ENABLED=1 go test -race $(UNWATCHED) $(SKIPPED) -short -timeout 20m $$(go list ./... | grep -vE '^diaoxiao$$|/(conformance|durability|interop|internal/(rules|sender/sheet))$$')

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (10s)
	@scripts/fuzz.sh $(or $(FUZZTIME),10s)

.PHONY: bench
bench: ## all benchmarks; compare two runs with benchstat
	go test -run '^$$' -bench . -benchmem -count $(or $(COUNT),5) ./...

.PHONY: cross
cross: ## build for every system into dist/, with checksums
	rm -rf dist
	GOOS=linux   GOARCH=amd64   $(GOBUILD) -o dist/diaoxiao-linux-amd64       ./cmd/diaoxiao
	GOOS=linux   GOARCH=arm64   $(GOBUILD) -o dist/diaoxiao-linux-arm64       ./cmd/diaoxiao
	GOOS=linux   GOARCH=loong64 $(GOBUILD) -o dist/diaoxiao-linux-loong64     ./cmd/diaoxiao
	GOOS=windows GOARCH=amd64   $(GOBUILD) -o dist/diaoxiao-windows-amd64.exe ./cmd/diaoxiao
	GOOS=linux   GOARCH=amd64   $(GOBUILD) -o dist/diaoxiao-verify-linux-amd64       ./cmd/diaoxiao-verify
	GOOS=linux   GOARCH=arm64   $(GOBUILD) -o dist/diaoxiao-verify-linux-arm64       ./cmd/diaoxiao-verify
	GOOS=linux   GOARCH=loong64 $(GOBUILD) -o dist/diaoxiao-verify-linux-loong64     ./cmd/diaoxiao-verify
	GOOS=windows GOARCH=amd64   $(GOBUILD) -o dist/diaoxiao-verify-windows-amd64.exe ./cmd/diaoxiao-verify
	cd dist && sha256sum diaoxiao-* > SHA256SUMS && cat SHA256SUMS

.PHONY: clean
clean: ## remove what was built
	rm -rf bin dist .cache
