# `make help` lists the targets.

# Tests import modules with @testable, which needs other compiler flags than a release: a folder of its own keeps
# the two builds from undoing each other.
# Where the physics engine could not be fetched, everything else is built.
TRAITS = $(if $(shell scripts/mujoco --check 2>/dev/null),,--traits Viewer$(comma)NetHack)
comma = ,
TEST = swift test $(TRAITS) -c release -Xswiftc -enable-testing --scratch-path .build-tests --disable-xctest

.PHONY: help bootstrap build demo test test-all nethack sanitize fuzz bench peers clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 20

bootstrap: ## install the system packages that are missing
	@scripts/bootstrap

build: bootstrap ## build .build/release/forage
	swift build $(TRAITS) -c release

demo: build ## train, compare and draw: the project in a few minutes
	scripts/demo

test: bootstrap ## run the tests (FILTER=Name runs some)
	$(TEST) $(if $(FILTER),--filter $(FILTER))

test-all: bootstrap ## run them on every environment, not on a sample (FILTER=Name runs some)
	FORAGE_TEST_ALL=1 $(TEST) $(if $(FILTER),--filter $(FILTER))

nethack: ## fetch the game that nethack/... and minihack/... play
	@scripts/nethack

sanitize: bootstrap ## run a short suite under the address and the thread sanitizer
	@scripts/sanitize

fuzz: bootstrap ## feed every parser with inputs that are almost right (FUZZ_SECONDS=20 each)
	@scripts/fuzz

bench: build ## time environments and training on this machine
	.build/release/forage bench

peers: build ## time them beside other projects (downloads those; ONLY=name runs one row)
	@scripts/bootstrap --peers
	Benchmarks/peers/compare $(if $(ONLY),--only $(ONLY))

clean: ## remove builds and the peers' environments
	rm -rf .build .build-tests .build-peers .build-fuzz .build-address .build-thread
