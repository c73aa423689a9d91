# `make help` lists the targets.

# The package manager passes the traits in the order of a set, a new order each time that it plans, and new flags mean
# that everything is compiled again. Without random hashing the order stays. Tests keep theirs, so building is a step.
BUILD = SWIFT_DETERMINISTIC_HASHING=1 swift build $(TRAITS) -c release
# Where the physics engine could not be fetched, everything else is built.
TRAITS = $(if $(shell scripts/mujoco --check 2>/dev/null),,--traits Viewer$(comma)NetHack$(comma)LanguageModelHTTP$(comma)LanguageModelRecords)
comma = ,

# Tests import modules with @testable, which needs other compiler flags than a release: a folder of its own keeps
# the two builds from undoing each other.
TEST_FLAGS = -Xswiftc -enable-testing --scratch-path .build-tests
TEST = $(BUILD) $(TEST_FLAGS) --build-tests && \
	$(if $(TEST_ALL),FORAGE_TEST_ALL=1) swift test $(TRAITS) -c release $(TEST_FLAGS) --skip-build --disable-xctest \
	$(if $(FILTER),--filter '$(FILTER)')

.PHONY: help bootstrap build demo test test-all nethack sanitize fuzz bench peers clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 20

bootstrap: ## install the system packages that are missing
	@scripts/bootstrap

build: bootstrap ## build .build/release/forage
	$(BUILD)

demo: build ## train, compare and draw: the project in a few minutes
	scripts/demo

test: bootstrap ## run the tests (FILTER=Name runs some)
	$(TEST)

test-all: TEST_ALL = yes
test-all: bootstrap ## run them on every environment, not on a sample (FILTER=Name runs some)
	$(TEST)

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
