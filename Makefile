# The verbs of this project. Each installs what it needs into .venv first; PYTHON=python3.12 chooses another Python.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := cli.py setup.py $(shell find agents envs package renders training -name "*.py")
# A strict editable install links every file by name: a new, renamed or deleted one needs the install again.
NAMES := $(shell ls $(SOURCES) $(shell find agents envs package renders training -path "*/assets/*" -type f) 2>/dev/null | cksum | cut -d' ' -f1)
DEPENDENCIES := $(VENV)/.dependencies
INSTALLED := $(VENV)/.installed-$(NAMES)

# Python keeps the bytecode of what is imported: pip compiles nothing ahead, which takes longer than all the rest.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install demo test integrations mutants check fuzz learning bench realism guide timing sensitivity calibrate results results-from-scratch ceiling robustness trainings explain exploits golden format docs tune-rules clean

help:
	@echo "make demo        install, train a policy, compare it with every rule, draw it: about 10 minutes, into demo/"
	@echo "make test        install and run every test"
	@echo "make integrations  the example of every other trainer, each in an environment of its own (an hour, gigabytes)"
	@echo "make mutants     plant seeded faults one by one and see the tests notice: some minutes; GOLDEN=1: golden runs too, hours"
	@echo "make check       ruff, mypy, the import contracts, spelling and wording"
	@echo "make fuzz        20,000 damaged files for every loader, and more crosses in plain Python (half an hour)"
	@echo "make learning    the tests that train for minutes"
	@echo "make bench       speed on this machine"
	@echo "make realism     200,000 crosses compared with published statistics: docs/realism.txt, .json"
	@echo "make guide       the claims of a coaching guide, measured: docs/guide.txt, .json"
	@echo "make timing      how much the timing of the run matters in every match scenario: docs/timing*"
	@echo "make sensitivity what depends on weakly supported parameters: docs/sensitivity.md"
	@echo "make results     the results table, its figures and model cards, from the shipped policies: docs/results*"
	@echo "make results-from-scratch   the same, and the policies are trained first (hours)"
	@echo "make ceiling     how much of the possible gain the shipped policies reach: docs/ceiling*"
	@echo "make robustness  the shipped policies under other defences and with weaker senses: docs/robustness*"
	@echo "make trainings   ten training seeds in open play, and what each ingredient is worth: docs/trainings* (an hour)"
	@echo "make explain     when and where the shipped policy runs in open play, and why: docs/explain*"
	@echo "make exploits    short policies that look for ways to win that are not football: docs/exploits-*.json (hours)"
	@echo "make calibrate   the calibration again, round by round: docs/calibration.md (hours)"
	@echo "make golden      write the golden files of a new version of world or agents"
	@echo "make format      put the sources into the house format"
	@echo "make docs        build the documentation site, tutorials and all: docs/_build/html/index.html (a minute or two)"
	@echo "make tune-rules  tune the free numbers of the coaching rules again"
	@echo "make clean       remove what is quickly made again, .venv included; results/ and calibration/ took hours and stay"

# pip would compile every file of every dependency, which is most of its work; Python compiles those that it imports.
$(DEPENDENCIES): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --progress-bar on -c constraints.txt setuptools
	$(BIN)/pip install --no-compile --progress-bar on -c constraints.txt --no-build-isolation -e '.[train,report,board,many,minari,onnx,docs,dev]'
	@touch $@

$(INSTALLED): $(DEPENDENCIES)
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/.installed-*
	@touch $@

install: $(INSTALLED)

POLICY := demo/run/policy.safetensors
# For a quick look: make demo MINUTES=1 CROSSES=2000.
MINUTES ?= 5
CROSSES ?= 20000

demo: $(INSTALLED)
	@rm -rf demo && mkdir demo
	@echo "1 of 6: train a policy in open play"
	$(BIN)/backpost train OpenPlay --algo ppo --seed 0 --set minutes=$(MINUTES) --out demo/run
	@echo "2 of 6: compare it with every coaching rule on crosses that nobody has learned from"
	@$(BIN)/backpost compare OpenPlay --agents $(POLICY) all-rules --crosses $(CROSSES) --seed 0 \
		--json demo/comparison.json > demo/comparison.txt
	@cat demo/comparison.txt
	@echo "3 of 6: ask them all about a real attack"
	@$(BIN)/backpost compare Situation --agents $(POLICY) all-rules --crosses 500 --seed 0 \
		--json demo/situation.json > demo/situation.txt
	@cat demo/situation.txt
	@echo "4 of 6: draw it there, beside what the scorer ran"
	$(BIN)/backpost watch Situation --agent $(POLICY) --seed 0 --still demo/situation.png
	@echo "5 of 6: film it in open play beside the best rule, on the same ball"
	$(BIN)/backpost film OpenPlay --agent $(POLICY) --versus best-rule --same-ball --seed 0 --until-shot \
		--out demo/open-play.mp4 --stills demo/open-play --sheet demo/open-play.pdf
	@echo "6 of 6: write the page for a coach"
	$(BIN)/backpost report OpenPlay --agent $(POLICY) --measured $(CROSSES) --out demo/report.html
	@echo
	@echo "demo/comparison.txt, .json   the policy and every rule on the same $(CROSSES) crosses"
	@echo "demo/situation.txt, .json    the same question about the real attack"
	@echo "demo/situation.png           its run there, beside what the scorer ran"
	@echo "demo/open-play.mp4, .pdf     its run beside the best rule, on the same ball: a film, a sheet of paper; stills in open-play/"
	@echo "demo/report.html             for a coach: open it in a browser, nothing to install"
	@echo "demo/run/                    the policy, its settings and its learning curves"

# Each worker goes through the files in order, so what a file prepares is prepared once. The browser tests use a Chromium of this machine if there is one.
test: $(INSTALLED)
	@command -v chromium > /dev/null || command -v google-chrome > /dev/null || $(BIN)/playwright install chromium || true
	$(BIN)/pytest -n 2 --dist worksteal

# Python's own library is enough for these; what a trainer needs goes into .integrations.
integrations: $(patsubst docs/examples/trainers/use_%.py,integration-%,$(wildcard docs/examples/trainers/use_*.py))

integration-%:
	$(PYTHON) tests/shared/integrations.py $*

# JSON=FILE keeps what was found.
mutants: $(INSTALLED)
	PYTHONPATH=tests/shared $(BIN)/python -P -m mutants $(if $(GOLDEN),--golden) $(if $(JSON),--json $(JSON))

# What has to be trained for minutes before it can be judged.
learning: $(INSTALLED)
	$(BIN)/pytest -q -p no:xdist -m long

fuzz: $(INSTALLED)
	FUZZ_CASES=20000 $(BIN)/pytest -q -p no:xdist tests/test_fuzz.py
	PLAIN_CROSSES=100 $(BIN)/pytest -q -p no:xdist tests/envs/test_crosses.py -k plain_python

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/python tests/shared/prose.py

# Refuses changed behaviour without a new version, and a new version without changed behaviour.
golden: $(INSTALLED)
	PYTHONPATH=tests/shared $(BIN)/python tests/envs/test_golden.py
	PYTHONPATH=tests/shared $(BIN)/python tests/agents/test_golden_agents.py

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Warnings are errors; what the build writes beside the pages (.gitignore names it) is made anew.
docs: $(INSTALLED)
	rm -rf docs/_build docs/environments docs/reference docs/tutorials
	$(BIN)/sphinx-build -q -n -W --keep-going -b html -d docs/_build/doctrees docs docs/_build/html
	@echo "docs/_build/html/index.html"

# What a command prints goes into a file that is whole or as it was, also if the command fails.
whole = > $(1).part && mv $(1).part $(1)

bench: $(INSTALLED)
	$(BIN)/backpost bench

realism: $(INSTALLED)
	$(BIN)/backpost realism --seed 4000000 --json docs/realism.json $(call whole,docs/realism.txt)
	@cat docs/realism.txt

EXPLAINED = $(patsubst %,--explained %,$(wildcard docs/explain.json $(MATCH:%=docs/explain-%.json)))

# G7 and G11 come from what make explain and make trainings have left, where they have.
GUIDE_STORED = $(patsubst %,--explained %,$(wildcard docs/explain.json)) $(if $(wildcard results/trainings/drills-2.done), \
	--drilled $(addprefix results/trainings/drills-,0 1 2) --undrilled $(addprefix results/trainings/reference-,0 1 2))

guide: $(INSTALLED)
	$(BIN)/backpost guide $(GUIDE_STORED) --json docs/guide.json $(call whole,docs/guide.txt)
	@cat docs/guide.txt

MATCH := OpenPlay Transition Corner FreeKick

timing: $(INSTALLED)
	$(BIN)/backpost timing $(MATCH) --crosses 3000 --json docs/timing.json --figure docs/timing.png $(call whole,docs/timing.txt)

sensitivity: $(INSTALLED)
	$(BIN)/backpost sensitivity --crosses 2000 --json docs/sensitivity.json $(call whole,docs/sensitivity.md)

# What is known of the shipped policies already; of policies from scratch nothing is.
KNOWN = $(if $(wildcard docs/ceiling-*.json),--ceilings $(wildcard docs/ceiling-*.json)) $(EXPLAINED)

# What is played stays in results/, so a second call is quick and a stopped one goes on. CROSSES=5000 is quicker.
results: $(INSTALLED)
	$(BIN)/backpost results --out results --crosses $(CROSSES) --json docs/results.json --markdown docs/results.md --figures docs \
		--pages docs/pages --ship agents/assets/policies $(or $(FROM_SCRATCH),$(KNOWN)) $(call whole,docs/results.txt)
	@$(BIN)/python -m backpost.training.results.quote README.md summary docs/results.md
	$(BIN)/backpost session --out docs/pages/TrainingPlan.html > /dev/null
	@cat docs/results.txt

results-from-scratch:
	$(MAKE) results FROM_SCRATCH=--from-scratch

ceiling: $(INSTALLED)
	@mkdir -p results
	for env in $(MATCH); do $(BIN)/backpost ceiling $$env --agents learned all-rules --out results/ceiling-$$env \
		--json docs/ceiling-$$env.json || exit; done

robustness: $(INSTALLED)
	$(BIN)/backpost robustness $(MATCH) --keep results/played --json docs/robustness.json \
		--figure docs/robustness.png $(call whole,docs/robustness.txt)

# Ten training seeds of the reference, three of every other way: the configurations in training/configs/trainings.
# A training that was stopped goes on; make -j2 trainings uses two cores.
WAYS := own-xg half-the-noise no-hindsight drills sac tqc recurrent-ppo
TRAININGS := $(addprefix reference-,0 1 2 3 4 5 6 7 8 9) $(foreach way,$(WAYS),$(addprefix $(way)-,0 1 2))
SEED = $(lastword $(subst -, ,$*))

trainings: $(TRAININGS:%=results/trainings/%.done)
	$(BIN)/backpost trainings --runs results/trainings --out results --figures docs \
		--json docs/trainings.json $(call whole,docs/trainings.txt)
	@cat docs/trainings.txt

results/trainings/%.done: | $(INSTALLED)
	@mkdir -p $(@D)
	@if grep -q finished $(@:.done=)/progress.json 2> /dev/null; then true; \
		elif [ -f $(@:.done=)/progress.json ]; then $(BIN)/backpost train --resume $(@:.done=); \
		else $(BIN)/backpost train --config training/configs/trainings/$(*:-$(SEED)=).yml --seed $(SEED) --out $(@:.done=); fi
	@touch $@

explain: $(INSTALLED)
	$(BIN)/backpost explain OpenPlay --json docs/explain.json --figures docs/explain $(call whole,docs/explain.txt)

# Whether this world can be released: fails if a policy is outside a band, except on a fast break, which is told beside.
# What is trained and played stays in results/, so a stopped search goes on.
exploits: $(INSTALLED)
	@mkdir -p results
	@for env in Transition OpenPlay Corner FreeKick; do \
		$(BIN)/backpost exploits $$env --out results/exploits-$$env --json docs/exploits-$$env.json; code=$$?; \
		[ $$code -le 1 ] || exit $$code; [ $$env = Transition ] || [ $$code = 0 ] || failed=1; \
	done; exit $${failed:-0}

# The others of MATCH, for their pages: make explain-Corner.
explain-%: $(INSTALLED)
	$(BIN)/backpost explain $* --json docs/explain-$*.json $(call whole,docs/explain-$*.txt)

calibrate: $(INSTALLED)
	$(BIN)/backpost calibrate --out calibration --json docs/calibration.json $(call whole,docs/calibration.md)

tune-rules: $(INSTALLED)
	$(BIN)/backpost tune-rules $(MATCH) --json agents/rules/assets/tuned_rules.json

clean:
	rm -rf $(VENV) .integrations build dist *.egg-info demo docs/_build docs/environments docs/reference docs/tutorials .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
