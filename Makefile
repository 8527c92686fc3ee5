# The operator's and the developer's commands. `make` alone lists them.
SHELL := /bin/bash
HOTLINE := .venv/bin/hotline
.DEFAULT_GOAL := help

help: ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: ## install what is missing to run
	@hotline/setup.sh

setup-test:
	@hotline/setup.sh --test

demo: setup ## install, start, place one real call and show the draft ticket it made
	@$(HOTLINE) up
	@$(HOTLINE) demo

up: setup ## start the hotline
	@$(HOTLINE) up

down: ## stop it
	@$(HOTLINE) down

status: ## say what runs and how it feels
	@$(HOTLINE) status

logs: ## follow the logs (PROGRAM=agi for one)
	@$(HOTLINE) logs $(PROGRAM)

call: ## one real call that speaks a WAV: WAV=f.wav [FROM=1380…] [KEYS="2s:1"] [DELAY=6] [HANGUP=8] [TIMES=1]
	@$(HOTLINE) call "$(WAV)" $(if $(FROM),--from "$(FROM)") $(if $(KEYS),--keys "$(KEYS)") $(if $(DELAY),--delay "$(DELAY)") $(if $(HANGUP),--hangup "$(HANGUP)") $(if $(TIMES),--times "$(TIMES)")

test: setup-test ## every check and every test, with the real Asterisk, Redis and PostgreSQL
	@.ci/check

bench-speech: ## a real call for each case of SET=dir; error rates of words and fields
	@$(HOTLINE) bench-speech "$(SET)"

speech-set: ## speak labelled sentences into SET=dir for bench-speech [COUNT=40]
	@$(HOTLINE) speech-set "$(SET)" --count "$(or $(COUNT),40)"

bench-load: ## CALLS=n calls at RATE=cps with speech; times, failures, CPU and memory
	@$(HOTLINE) bench-load --calls "$(or $(CALLS),20)" --rate "$(or $(RATE),1)"

bench-first-sound: ## seconds from the answer to the first sound, at the caller's end [CALLS=20]
	@$(HOTLINE) bench-first-sound --calls "$(or $(CALLS),20)"

bench-asr: setup-test ## delay of the final words for 2 to 20 calls at once, and against a bare loop
	@$(HOTLINE) bench-asr

bench-agi: ## what one AGI command costs at 50 calls a second
	@.venv/bin/python -m agi.bench

bench-console: setup-test ## every page's time with TICKETS=1000000 while CONSOLES=100 pages listen live; fails above 300 ms
	@$(HOTLINE) bench-console --tickets "$(or $(TICKETS),1000000)" --consoles "$(or $(CONSOLES),100)"

bench-tickets: setup-test ## lists, searches and new tickets on PostgreSQL with TICKETS=1000000; fails above its limits
	@$(HOTLINE) bench-tickets --tickets "$(or $(TICKETS),1000000)"

rehearse-kills: setup-test ## kill backend and worker while 1,000 moves are made; fails if one is lost or twice
	@$(HOTLINE) rehearse-kills --moves "$(or $(MOVES),1000)" --kills "$(or $(KILLS),10)"

bench-intake: ## how often each field of a draft is right on held-out sentences
	@.venv/bin/python -m backend.intake.bench

bench-emergency: ## recall and false alarms of the emergency words on held-out sentences
	@.venv/bin/python -m ivr_flows.emergency bench

bench-reports: setup-test ## a month's report of 300 units over a million closed tickets; fails above 2 s
	@.venv/bin/python -m tests.bench.reports

bench-emergency-calls: setup-test ## how fast a service is rung by word, key and agent: real calls [TIMES=20] [KIND=streaming|key|button|whisper]
	@$(HOTLINE) bench-emergency --times "$(or $(TIMES),20)" $(if $(KIND),--kind "$(KIND)")

rehearse-emergency: setup-test ## break every part in turn while a citizen is in danger, on a hotline of its own [ROW=agi_killed]
	@$(HOTLINE) rehearse-emergency $(if $(ROW),--row "$(ROW)")

lines: ## try every emergency route without ringing anybody
	@$(HOTLINE) lines

rehearse-surveys: setup-test ## call COUNT=200 simulated citizens back; a difference fails it [KILL=yes]
	@$(HOTLINE) survey rehearse --count "$(or $(COUNT),200)" $(if $(KILL),--kill)

bench-surveys: setup-test ## first sound of CALLS=20 callers alone and beside as many survey calls; fails above 1.2 times
	@$(HOTLINE) survey bench --calls "$(or $(CALLS),20)"

pins: ## write requirements/*.txt anew from the *.in files (needs uv)
	@for set in runtime models test; do uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate requirements/$$set.in -o requirements/$$set.txt; done
	@uv pip compile -q --universal --python-version 3.11 --no-deps --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate requirements/voice.in -o requirements/voice.txt

.PHONY: $(shell grep -oE '^[a-z-]+:' $(MAKEFILE_LIST) | tr -d :)
