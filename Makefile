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
check: format style vet systems staticcheck pins generated race fuzz ## all checks that are not tests

.PHONY: format
format: ## all Go files are as gofmt writes them
	@wrong=$$(gofmt -l .); test -z "$$wrong" || { echo "not as gofmt writes them:"; echo "$$wrong"; exit 1; }

.PHONY: style
style: ## lines of at most 120 columns, doc comments that begin with their identifier, plain words in comments
	go run ./scripts/style

# Packages with files of their own for other systems than Linux, but those that have SQLite, which takes minutes to compile for each
# system. systems has those too.
ELSEWHERE = ./internal/diskroom ./internal/lockfile ./internal/pgtest ./internal/receiver/store/postgres

.PHONY: vet
vet: ## go vet, and what is there for Windows alone
	go vet ./...
	GOOS=windows go vet $(ELSEWHERE)

.PHONY: systems
systems: ## everything passes the type checker for every other system we build for, as it would the compiler
	go run ./scripts/systems windows/amd64 linux/arm64 linux/loong64

.PHONY: staticcheck
staticcheck: ## staticcheck, and of what is there for Windows alone
	go build -o .cache/staticcheck honnef.co/go/tools/cmd/staticcheck
	.cache/staticcheck ./...
	GOOS=windows .cache/staticcheck $(ELSEWHERE)

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

# Under the detector run the tests in which something runs at once: many senders and operators at the real servers, nodes beside each
# other, the writer, the verifier, the signer, stamps and witnesses of the evidence log, backups under load, the outbox, stops. Of these
# packages nearly all do so, of the others those that are named. What does one thing after the other, and what drives a browser or other
# programs, shows the detector nothing that these do not.
RACED = client internal/bodies internal/ctxreader internal/receiver/evidencelog internal/receiver/server internal/sender/outbox
UNRACED = BitFlips Check CheckAgainst Drills ThirtyYears AlteredReceipts BadReplies ListInFlatMemory StatesAgainstModel LikeAmongMany \
	CallsAreKept
RACED_IN = cmd/diaoxiao internal/receiver/console internal/receiver/httpapi internal/receiver/intake internal/receiver/registrar \
	internal/receiver/store sandbox
RACES = Nodes.* \
	Stop.* Interrupted.* LogReaderStandsStill LogWriteFails StrangersFillNoLog ReconcileWhileSending \
	SignInFlood StrangersLockNobodyOut SingleViewsAtOnce OneImportAtATime ExtractIsUploaded RequestsAreObserved VerifyAudit LastCalls \
	BulkPublish ReleaseByTwo CheckOfWhatWasRead \
	SlowSender CutBody HalfClosed Pipelined BodiesAtOnce StrangersHoldNoPlaceOfApps StalledBodyLeaves PlacesComeBack LargeBodiesQueue \
	StalledApp S17Parallel S17ParallelConflict S25.* ReceiptsAtOnce SlowReader Throttle.* S7OtherNode S8Places Attempts Record \
	SubmitAtOnce InspectWhileReceiving InspectStopped OfficerDoesNotWaitForTheMark OfficerAwaitsALateMark ManyCallers ClosuresThatRunTwice \
	Run RunNoticesRegister NewCasesGoFirst StoppedAnywhere ComparisonStopped VisitEnds FirmStatesOnPostgres OutdatedNodes \
	TwoImports Changes \
	ClientCopes RequestsWhileClosing ManyAtOnce RulesAreTakenBack Reset NothingIsKept TranscriptFile \
	GroupCommit.* ClosuresRunTwice QueueFull Close Background.* BackupWhileReceiving BackupBrokenOff CopySourceChanges HangingPrimary \
	LimitedViews ServerLooksForDeadNodes SettleWaitsForReaders OpenBodyWhileAllReadersAreTaken WriterNeverWorksWithoutItsLock AuditOfNodes \
	CommitFails.* Full Spool FailoverForgets RunningOlderNode RollingUpgrade CallsBounded RegisterFiles
any = ^Test($(subst $(eval ) ,|,$(strip $(1))))$$

.PHONY: race
race: ## the tests in which something runs at once, the longest cut short, under the race detector
	@scripts/needs.sh gcc curl postgres
	CGO_ENABLED=1 go test -race $(UNWATCHED) -skip '$(call any,$(UNRACED))' -short -timeout 20m $(addprefix ./,$(RACED))
	CGO_ENABLED=1 go test -race $(UNWATCHED) -run '$(call any,$(RACES))|^TestStore$$/./side_by_side' -short -timeout 20m $(addprefix ./,$(RACED_IN))

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
