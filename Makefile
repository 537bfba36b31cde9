# datasurface, a PostgreSQL extension in C++20.
#
#   make                 the library and the extension script, for the server that PG_CONFIG belongs to
#   make install         puts both where that server looks for them
#   make previous        the libraries of released versions, from previous/; make install-previous puts them beside this one
#   make unit            builds and runs the unit tests of the pure rooms; needs no server
#   make lint            checks what the compiler does not (test/lint/)
#   make check [PG=17]   everything: unit tests, lint, scenes, isolation, TAP; installs what is missing (test/lib/check.sh)
#                        ONLY="unit lint regress isolation tap" and SCENES="a b" take a part of it
#   make check-adversary the random tests that look for what nobody thought of: SEED=n repeats one, SECONDS=n goes on for so long
#   make check-long      every random test for SECONDS (1800); PG as above for both
#   make check-sanitize  unit tests, scenes, isolation and TAP under AddressSanitizer and UndefinedBehaviorSanitizer,
#                        the server's in the PostgreSQL 18 chroot (test/lib/sanitize.sh); ONLY and SCENES as above
#   make demo            Debian's package index in three batches, on a private server (demo/run.sh); make demo-stop ends it
#   make bench           the merge against what SQL can do, on a private server (bench/run.sh): SIZE=small|medium|unchanged|large,
#                        ONLY="mixed wide" takes a part, ONLY=small runs many small batches (PERF=1: with a profile),
#                        ONLY=definitions loads, plans and creates many datasets,
#                        BASE=<commit> compares with the build of that commit, SAVE=1 writes docs/benchmark.md
#   make format          C++ as .clang-format says, by clang-format 14
#   make clean           removes what was built; make distclean also the chroots and the demo
#   make dist            the release archive
#
# Settings: PG_CONFIG (default pg_config), PG (15, for check, demo and bench), WERROR=1 (warnings are errors),
# JOBS (how many compilers run at a time, unless make is given -j: as many as there are cores),
# DEBUG=1 (for make and make install: debug information, in $(LIBRARY_NAME).so.debug beside the library, where gdb finds it),
# OPTIMIZE (-O2; packagers whose tools split debug information off say OPTIMIZE="-O2 -g"),
# SANITIZE=1 (what check-sanitize builds; in a copy of the sources, as make does not know which flags an object has).

EXTENSION    := datasurface
VERSION      := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(EXTENSION).control)
LIBRARY_NAME := $(shell sed -n "s/^module_pathname *= *'\(.*\)'/\1/p" $(EXTENSION).control)
PG           ?= 15

# ---- sources ---------------------------------------------------------------------------------------------------------
# Pure files know nothing of the server: their compile rule has no path to its headers, so a wrong include fails at once.

SOURCES := $(sort $(patsubst src/%,%,$(wildcard src/*.cpp src/*/*.cpp)))
PURE    := $(filter base/% sqltext/% model/% shape/% diff/% brake/% change/%,$(SOURCES)) \
           $(foreach file,$(SOURCES),$(if $(filter plan%,$(notdir $(file))),$(file)))
PURE    := $(sort $(PURE))
SERVER  := $(filter-out $(PURE),$(SOURCES))
UNIT    := $(sort $(notdir $(wildcard test/unit/*.cpp)))
BRIDGE  := $(sort $(notdir $(wildcard test/bridge/*.cpp)))

# ---- flags -----------------------------------------------------------------------------------------------------------
# Everything is hidden but what PGDLLEXPORT marks: servers load libraries into one name space, and before 16
# PGDLLEXPORT is empty. -fwrapv and -fno-strict-aliasing are what the server's headers and inline functions count on.
# With -fwrapv no sanitizer sees a signed overflow, so a build with sanitizers goes without.

SANITIZERS := -fsanitize=address,undefined -fno-omit-frame-pointer -D_GLIBCXX_ASSERTIONS -DDATASURFACE_SANITIZE
OPTIMIZE   ?= $(if $(SANITIZE),-O1 -g1 $(SANITIZERS),-O2$(if $(filter 1,$(DEBUG)), -g))
LANGUAGE   := -std=c++20 -Wall -Wextra $(if $(filter 1,$(WERROR)),-Werror) -Isrc -MMD -MP
VISIBILITY := -fvisibility=hidden -fvisibility-inlines-hidden '-DPGDLLEXPORT=__attribute__((visibility("default")))'
MODULE     := -fPIC $(if $(SANITIZE),,-fwrapv) -fno-strict-aliasing -fstack-protector-strong $(VISIBILITY)
CHECKED    := -O1 -g -D_GLIBCXX_ASSERTIONS -fsanitize=undefined -fno-sanitize-recover=undefined $(if $(SANITIZE),$(SANITIZERS))
UNIT_AT    := build/unit$(if $(SANITIZE),-sanitize)
CLANGXX    ?= clang++
compile     = @mkdir -p $(@D); echo "  compile $<  ($(firstword $(subst /, ,$(@:build/%=%))))";

# ---- jobs ------------------------------------------------------------------------------------------------------------
# A goal that compiles uses all cores. Several goals are made one after the other: "clean all" would not be right otherwise.
# Goals that run scripts are left alone, as these give make its jobs themselves.

JOBS ?= $(shell nproc)
ifneq ($(filter all install previous install-previous lint unit unit-build test-library clang-check,$(or $(MAKECMDGOALS),all)),)
ifeq ($(filter -j%,$(MAKEFLAGS))$(word 2,$(MAKECMDGOALS)),)
MAKEFLAGS += -j$(JOBS)
endif
endif

# ---- which part of this file is needed -------------------------------------------------------------------------------
# These goals work on a machine without a PostgreSQL server: they bring it, or do not need it.

serverless := unit unit-build check check-adversary check-long check-sanitize demo demo-stop bench dist distclean format print-version
ifneq ($(filter $(serverless),$(MAKECMDGOALS)),)

.PHONY: $(serverless)

unit: unit-build
	@$(UNIT_AT)/unit --gtest_brief=1

unit-build: $(UNIT_AT)/unit

UNIT_OBJECTS := $(PURE:%.cpp=$(UNIT_AT)/%.o) $(UNIT:%.cpp=$(UNIT_AT)/test/%.o)

$(UNIT_AT)/unit: $(UNIT_OBJECTS)
	@echo "  link    $@"; $(CXX) $(CHECKED) -o $@ $^ -lgtest_main -lgtest -lpthread

$(PURE:%.cpp=$(UNIT_AT)/%.o): $(UNIT_AT)/%.o: src/%.cpp
	$(compile) $(CXX) $(LANGUAGE) $(CHECKED) -c $< -o $@

$(UNIT:%.cpp=$(UNIT_AT)/test/%.o): $(UNIT_AT)/test/%.o: test/unit/%.cpp
	$(compile) $(CXX) $(LANGUAGE) $(CHECKED) -Itest/unit -c $< -o $@

check:
	@PG=$(PG) ONLY="$(ONLY)" SCENES="$(SCENES)" test/lib/check.sh

# Random tests are those that take their seeds from Datasurface::Seeds.
RANDOM_TESTS := $(basename $(notdir $(shell grep -l '^use Datasurface::Seeds' test/t/*.pl)))

check-adversary:
	@PG=$(PG) ONLY=tap SCENES="$(foreach name,$(RANDOM_TESTS),$(if $(findstring _adversary_,$(name)),$(name)))" DATASURFACE_SEED=$(SEED) DATASURFACE_SECONDS=$(SECONDS) test/lib/check.sh

check-long:
	@PG=$(PG) ONLY=tap SCENES="$(RANDOM_TESTS)" DATASURFACE_SEED=$(SEED) DATASURFACE_SECONDS=$(or $(SECONDS),1800) test/lib/check.sh

check-sanitize:
	@$(MAKE) --no-print-directory -j"$$(nproc)" unit SANITIZE=1
	@PG=18 SANITIZE=1 ONLY="$(or $(ONLY),regress isolation tap)" SCENES="$(SCENES)" test/lib/check.sh

demo:
	@PG=$(PG) demo/run.sh

demo-stop:
	@PG=$(PG) demo/stop.sh

bench:
	@PG=$(PG) SIZE="$(SIZE)" ONLY="$(ONLY)" BASE="$(BASE)" PERF="$(PERF)" SAVE="$(SAVE)" bench/run.sh

dist:
	git archive --format=zip --prefix=$(EXTENSION)-$(VERSION)/ -o $(EXTENSION)-$(VERSION).zip HEAD

distclean: clean
	rm -rf build 2> /dev/null || { echo "the chroots are root's: going on through sudo"; sudo rm -rf build; }

format:
	find src test -name '*.[ch]pp' -exec clang-format-14 -i {} +

print-version:
	@echo $(VERSION)

-include $(UNIT_OBJECTS:.o=.d)

# Goals that need the server, named beside one that does not: make clean check
$(sort $(filter-out $(serverless),$(MAKECMDGOALS)) clean):
	@$(MAKE) --no-print-directory $@

else

# ---- the extension, by PGXS ------------------------------------------------------------------------------------------

SCRIPT     := sql/$(EXTENSION)--$(VERSION).sql
LIBRARY_AT := build/$(if $(filter 1,$(DEBUG)),debug,release)
LIBRARY    := $(LIBRARY_AT)/$(LIBRARY_NAME).so
MODULES    := $(LIBRARY:.so=)
UPDATES    := $(sort $(foreach file,$(wildcard sql/updates/*.sql),$(firstword $(subst --, ,$(notdir $(file))))))
UPDATE     := sql/$(EXTENSION)--%--$(VERSION).sql
UPDATES    := $(UPDATES:%=$(UPDATE))
DATA       := $(wildcard previous/$(EXTENSION)--*.control)
DATA_built := $(SCRIPT) $(UPDATES)

EXTRA_CLEAN := build/release build/debug build/previous build/test build/clang build/unit build/unit-sanitize build/server

PG_CONFIG ?= pg_config
PGXS      := $(shell $(PG_CONFIG) --pgxs)
ifeq ($(PGXS),)
$(error $(PG_CONFIG) is not there: install a server's development files, or say make PG_CONFIG=/path/to/pg_config)
endif
# Bitcode would only serve inlining into queries, and its rule ignores the C++ flags.
override with_llvm := no
include $(PGXS)

ifeq ($(filter 15 16 17 18,$(MAJORVERSION)),)
$(error datasurface needs PostgreSQL 15 to 18, but $(PG_CONFIG) belongs to $(MAJORVERSION))
endif

HEADERS      := -isystem $(shell $(PG_CONFIG) --includedir-server) -isystem $(shell $(PG_CONFIG) --includedir)
LIBRARIES    := -lstdc++ $(if $(wildcard src/remote/*.cpp),$(libpq))
link          = @mkdir -p $(@D); echo "  link    $@"; $(CXX) $(OPTIMIZE) $(LDFLAGS) $(LDFLAGS_SL) -shared -o $@ $(filter %.o,$^) $(LIBRARIES)
RELEASE      := $(SOURCES:%.cpp=$(LIBRARY_AT)/%.o)
PURE_OBJECTS := $(PURE:%.cpp=$(LIBRARY_AT)/%.o)

# Templates of the standard library are visible whatever the flags say; the list of exports hides them too.
$(LIBRARY): $(RELEASE) src/exports.map
	$(link) -Wl,--version-script=src/exports.map
ifeq ($(DEBUG),1)
	@objcopy --only-keep-debug $@ $@.debug && objcopy --strip-debug --add-gnu-debuglink=$@.debug $@

install: install-debug
.PHONY: install-debug
install-debug: all installdirs
	$(INSTALL_DATA) $(LIBRARY).debug '$(DESTDIR)$(pkglibdir)/'
endif

# PGXS looks for the library in build/release there, where it never was.
uninstall: uninstall-library
.PHONY: uninstall-library
uninstall-library:
	rm -f '$(DESTDIR)$(pkglibdir)/$(LIBRARY_NAME).so' '$(DESTDIR)$(pkglibdir)/$(LIBRARY_NAME).so.debug'

$(PURE_OBJECTS): $(LIBRARY_AT)/%.o: src/%.cpp
	$(compile) $(CXX) $(LANGUAGE) $(OPTIMIZE) $(MODULE) -c $< -o $@

$(SERVER:%.cpp=$(LIBRARY_AT)/%.o): $(LIBRARY_AT)/%.o: src/%.cpp build/server
	$(compile) $(CXX) $(LANGUAGE) $(OPTIMIZE) $(MODULE) $(HEADERS) -c $< -o $@

# Another server's headers: the objects that saw the old ones are stale.
build/server: FORCE
	@mkdir -p build; echo "$(VERSION_NUM) $(HEADERS)" | cmp -s - $@ || echo "$(VERSION_NUM) $(HEADERS)" > $@

# The script that CREATE EXTENSION runs. The directories stand here too: a file that went away makes it stale as well.
PARTS := $(foreach part,install functions views,$(sort $(wildcard sql/$(part)/*.sql)))
$(SCRIPT): $(PARTS) $(wildcard sql/install sql/functions sql/views) $(EXTENSION).control Makefile
	@{ printf '%s\n' '/* $@: made by make from sql/install, sql/functions and sql/views; edit those. */' \
	     '\echo Use "CREATE EXTENSION $(EXTENSION)" to load this file. \quit'; \
	   for part in $(PARTS); do echo; echo "-- $$part"; cat $$part; done; } > $@.new && mv $@.new $@

# Scripts that ALTER EXTENSION UPDATE runs, one from each version to this one.
$(UPDATES): $(UPDATE): sql/make_update.sh $(PARTS) $(wildcard sql/updates/*.sql sql/updates sql/functions sql/views) $(EXTENSION).control
	@sql/make_update.sh $* > $@.new && mv $@.new $@

# ---- released versions (previous/README.md) --------------------------------------------------------------------------
# Each is built by its own Makefile, in a folder of its own, with the flags that a package is built with.

PREVIOUS_AT       := build/previous
PREVIOUS_OPTIMIZE := $(OPTIMIZE)
PREVIOUS          := $(patsubst previous/$(EXTENSION)-%.tar.xz,$(PREVIOUS_AT)/%,$(wildcard previous/$(EXTENSION)-*.tar.xz))

.PHONY: previous install-previous
previous: $(PREVIOUS:%=%/built)

$(PREVIOUS_AT)/%/built: previous/$(EXTENSION)-%.tar.xz build/server
	@rm -rf $(@D) && mkdir -p $(@D) && tar -xf $< -C $(@D) --strip-components=1
	@$(MAKE) --no-print-directory -C $(@D) WERROR= DEBUG= SANITIZE= OPTIMIZE="$(PREVIOUS_OPTIMIZE)" all && touch $@

install-previous: previous installdirs
	$(INSTALL_SHLIB) $(PREVIOUS:%=%/build/release/*.so) '$(DESTDIR)$(pkglibdir)/'
	$(INSTALL_DATA) $(foreach version,$(notdir $(PREVIOUS)),$(PREVIOUS_AT)/$(version)/sql/$(EXTENSION)--$(version).sql) '$(DESTDIR)$(datadir)/$(datamoduledir)/'

.PHONY: lint test-library clang-check FORCE
lint: all
	@test/lint/run.sh

# ---- for tests, never installed --------------------------------------------------------------------------------------
# The library with named stop points, and the bridge's own functions. A test server finds them by dynamic_library_path.

# Only what includes stop_point.hpp itself is compiled again; a header must not include it, for then this would not be seen.

STOPPED  := $(patsubst src/%,%,$(shell grep -l '^#include "pg/stop_point.hpp"' $(SERVER:%=src/%)))
STOPPING := $(filter-out $(STOPPED:%.cpp=$(LIBRARY_AT)/%.o),$(RELEASE)) $(STOPPED:%.cpp=build/test/%.o)
BRIDGING := $(BRIDGE:%.cpp=build/test/bridge/%.o) \
            $(filter $(foreach room,base sqltext pg,$(LIBRARY_AT)/$(room)/% build/test/$(room)/%) $(LIBRARY_AT)/shape/condition.o,$(STOPPING))

test-library: build/test/$(LIBRARY_NAME).so $(if $(BRIDGE),build/test/bridge.so) build/test/fail_allocation.so

build/test/$(LIBRARY_NAME).so: $(STOPPING) src/exports.map
	$(link) -Wl,--version-script=src/exports.map

build/test/bridge.so: $(BRIDGING)
	$(link)

# What a test server is started with; by itself, for it stands between the server and all libraries.
build/test/fail_allocation.so: test/preload/fail_allocation.cpp
	$(compile) $(CXX) $(LANGUAGE) -O2 -g -fPIC -shared $< -o $@

$(STOPPED:%.cpp=build/test/%.o): build/test/%.o: src/%.cpp build/server
	$(compile) $(CXX) $(LANGUAGE) $(OPTIMIZE) $(MODULE) -DDATASURFACE_STOP_POINTS $(HEADERS) -c $< -o $@

$(BRIDGE:%.cpp=build/test/bridge/%.o): build/test/bridge/%.o: test/bridge/%.cpp build/server
	$(compile) $(CXX) $(LANGUAGE) $(OPTIMIZE) $(MODULE) $(HEADERS) -c $< -o $@

# clang++ warns of other things than g++ does. Compiled only, by the same rules about headers.
CLANG_PURE   := $(PURE:%.cpp=build/clang/%.o)
CLANG_SERVER := $(SERVER:%.cpp=build/clang/%.o)
CLANG_TESTS  := $(UNIT:%.cpp=build/clang/unit/%.o)
CLANG_BRIDGE := $(BRIDGE:%.cpp=build/clang/bridge/%.o)

clang-check: $(CLANG_PURE) $(CLANG_SERVER) $(CLANG_TESTS) $(CLANG_BRIDGE)

$(CLANG_PURE): build/clang/%.o: src/%.cpp
	$(compile) $(CLANGXX) $(LANGUAGE) -O0 $(MODULE) -c $< -o $@
$(CLANG_SERVER): build/clang/%.o: src/%.cpp build/server
	$(compile) $(CLANGXX) $(LANGUAGE) -O0 $(MODULE) $(HEADERS) -c $< -o $@
$(CLANG_TESTS): build/clang/unit/%.o: test/unit/%.cpp
	$(compile) $(CLANGXX) $(LANGUAGE) -O0 -Itest/unit -c $< -o $@
$(CLANG_BRIDGE): build/clang/bridge/%.o: test/bridge/%.cpp build/server
	$(compile) $(CLANGXX) $(LANGUAGE) -O0 $(MODULE) -DDATASURFACE_STOP_POINTS $(HEADERS) -c $< -o $@

-include $(patsubst %.o,%.d,$(RELEASE) $(STOPPING) $(BRIDGING) $(CLANG_PURE) $(CLANG_SERVER) $(CLANG_TESTS) $(CLANG_BRIDGE))

endif
