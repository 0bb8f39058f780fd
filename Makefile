# obslink: `make help` lists what there is.

# Compiling and linking the clouds' SDKs takes about 5 GB for each job.
JOBS ?= $(shell awk -v cores="$$(getconf _NPROCESSORS_ONLN)" '/MemAvailable/ { n = int($$2 / 6000000); print (n < 1 ? 1 : n > cores ? cores : n) }' /proc/meminfo 2>/dev/null || echo 1)

# The packages that need neither a cloud's SDK nor the engine.
PURE := . ./schema/... ./compiler/... ./targets ./targets/aws ./targets/azure ./internal/export/... ./internal/report/... ./internal/lab

# The packages whose tests (TestGolden, TestScript and the like) write their goldens with -update.
GOLDEN = $(shell grep -rl --include='*_test.go' 'flag.Bool."update"' cmd compiler internal targets | xargs -r -n1 dirname | sort -u | sed 's|^|./|')

.DEFAULT_GOAL := help
.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## the worked example, from a fresh clone to a hosts file, in simulated clouds
	@scripts/demo

.PHONY: build
build: ## bin/obslink and bin/obslink-program
	@scripts/build

.PHONY: pulumi
pulumi: ## bin/pulumi: the CLI on PATH, or one built from source
	@scripts/pulumi

.PHONY: cue
cue: ## bin/cue: the stock command, which tests and bench compare with
	@scripts/cue

.PHONY: deps
deps: ## install what the tests need beside Go (Debian, Ubuntu)
	@scripts/deps

.PHONY: test
test: deps pulumi cue build ## all tests
	go test -p $(JOBS) -timeout 30m ./...

.PHONY: test-pure
test-pure: ## the tests that need no cloud SDK and no engine: seconds
	go test -short $(PURE)

.PHONY: truth
truth: deps ## the proof against real packets: 300 random worlds, every mutation (root, Linux)
	go test ./internal/truth -v -run TestTruth -timeout 60m -worlds 300 -limit 50m
	go test ./internal/truth/mutation -v -timeout 60m -every 1

.PHONY: lint
lint: ## gofmt, go vet, staticcheck, cue fmt
	@scripts/lint

.PHONY: bench
bench: build cue ## time and memory beside the stock cue, with PASS or FAIL; 120 more random worlds
	go build -o bin/bench ./internal/bench && bin/bench
	go test ./internal/truth -v -run TestTruth -seed 1000 -worlds 120

.PHONY: bench-engine
bench-engine: build pulumi ## preview and up beside a Pulumi program written by hand
	go build -o bin/bench ./internal/bench && go build -o bin/byhand ./internal/bench/byhand && bin/bench -engine

.PHONY: generate
generate: build pulumi cue ## goldens and generated documents
	go test -p $(JOBS) -run 'Golden|Script' $(GOLDEN) -update
	bin/obslink explain --format markdown >docs/codes.md
	go test -run TestDocs . -update

.PHONY: ci
ci: ## what CI runs
	@.ci/run
