# Rollcall. Two targets are all that a newcomer needs: make run and make test.
# What a target needs of the system it installs itself on Debian and Ubuntu (root or sudo).

SHELL := /bin/bash
GO    ?= go
OUT   ?= out
BIN   := build/rollcall
LINT_VERSION := v2.12.2
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# One set of flags for every build, so that the C parts are compiled once and cached.
# x11: no Wayland libraries; gles: compiles in a fraction of the time and looks the same.
TAGS    := x11 gles migrated_fynedo
LDFLAGS := -X main.version=$(VERSION)
BUILD   := $(GO) build -buildvcs=false -ldflags "$(LDFLAGS)"
export CGO_ENABLED = 1

PACKAGES_BUILD := gcc libc6-dev pkg-config libgl-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev
PACKAGES_RUN   := libgl1-mesa-dri ca-certificates
PACKAGES_TEST  := xvfb xdotool openbox imagemagick x11-utils dbus gnome-keyring openssh-server slapd samba samba-ad-provision samba-dsdb-modules ldap-utils openssl nodejs npm python3-openpyxl
SCIMMY := .cache/scimmy/node_modules/.package-lock.json

.PHONY: help run build headless demo test journeys lint fmt bench windows shots docs packages-build packages-test clean

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | sort

run: build ## build, and open the window; where there is no display, do the same job without
	@if [ -n "$$DISPLAY" ]; then exec $(BIN) try; fi; \
	echo "There is no display here, so the same job is done without a window."; $(BIN) demo --out "$(OUT)"

build: packages-build
	$(BUILD) -tags "$(TAGS)" -o $(BIN) .

headless: ## the program for servers, without window, X or GL
	$(BUILD) -tags headless -o build/rollcall-headless .

demo: build ## sample company to practice directory, without a window
	$(BIN) demo --out "$(OUT)"

test: packages-build packages-test $(SCIMMY) ## install what the tests need and run them all
	@.ci/timed "vet" $(GO) vet -tags ci ./...
	@.ci/timed "tests with the race detector" $(GO) test -race -tags ci -timeout 25m ./...
	@.ci/timed "memory of reading, which the race detector would blur" $(GO) test -tags ci -timeout 10m ./connectors -run 'TestConformance/.*/.*/needs_no_more_memory'
	@.ci/timed "command line of the build without a window" $(GO) test -tags headless -timeout 10m .
	@.ci/timed "build with a window" $(BUILD) -tags "$(TAGS)" -o $(BIN) .
	@.ci/timed "real window" .ci/window

journeys: build packages-test ## go the whole way in the real window, with the mouse and then with the keyboard
	@.ci/timed "the whole way with the mouse" .ci/journey
	@.ci/timed "the whole way with the keyboard" .ci/keyboard

lint: packages-build ## the linters of .golangci.yml
	@unformatted=$$($(GOFMT) -l $(GO_FILES)); [ -z "$$unformatted" ] || { echo "Run make fmt; not formatted:" $$unformatted; exit 1; }
	$(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION) run --build-tags ci ./...

fmt: ## format all Go files
	$(GOFMT) -w $(GO_FILES)

bench: packages-build ## figures, each beside a floor or a peer in the same run
	cd bench && $(GO) run . $(BENCH)

windows: ## cross-build build/rollcall.exe with mingw-w64
	@.ci/install gcc-mingw-w64-x86-64 imagemagick
	.ci/windows "$(VERSION)"

shots: packages-build ## draw every page into docs/pictures
	$(GO) test -tags ci -count 1 ./gui -run Shots -shots "$(CURDIR)/docs/pictures"

docs: packages-build ## remake what is generated from the catalogue
	$(GO) test -tags ci -count 1 ./connectors -run Docs -update

packages-build:
	@.ci/install $(PACKAGES_BUILD) $(PACKAGES_RUN)

packages-test:
	@.ci/install $(PACKAGES_TEST)

# A SCIM server by others, for the tests of the SCIM target. npm writes the file last.
$(SCIMMY):
	@mkdir -p .cache/scimmy
	cd .cache/scimmy && npm install --silent --no-audit --no-fund --no-save scimmy@1.3.5 scimmy-routers@1.3.2 express@4

clean: ## remove what was built
	rm -rf build out

GOFMT    = "$$($(GO) env GOROOT)/bin/gofmt"
GO_FILES = $$(find . -name '*.go' -not -path './build/*' -not -path './.cache/*')
