# Two commands matter most: `make demo` and `make test`. Both set up what they need in .venv and .entente here.
.POSIX:
PYTHON = python3
ARGS =
PARTS = embedded
LOCK = .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header
PIP = .venv/bin/python -m pip --disable-pip-version-check --no-input

help:
	@echo 'make demo               play the Birmingham-Nanjing story on a real Kafka and Postgres; ARGS=--exit to stop after it'
	@echo 'make test               run all tests; ARGS goes to pytest: make test ARGS="-k agreement"'
	@echo 'make test PARTS=containers   the same, on the official container images of Kafka and Postgres'
	@echo 'make compose-check      build the image, start docker compose, play the demo there, restart each container'
	@echo 'make check              check format, lint, types, imports, dependencies, event contracts, migrations'
	@echo 'make secrets            write the passwords for docker compose, once; then run docker compose up --wait'
	@echo 'make contracts          write what is made from the code: event schemas, pages of docs/'
	@echo 'make release            record event contracts and migrations as released: from then on, none is edited'
	@echo 'make lock               resolve the dependencies of pyproject.toml again'
	@echo 'make clean              delete the environment and caches, but keep the data (entente reset deletes that)'

demo: .venv/.run
	@.venv/bin/entente demo $(ARGS)

test: .venv/.dev
	@ENTENTE_TEST_PARTS=$(PARTS) .venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

compose-check: .venv/.dev
	@.venv/bin/python -m pytest -m compose tests/compose $(ARGS)

check: .venv/.dev
	.venv/bin/ruff format --check -q .
	.venv/bin/ruff check -q .
	.venv/bin/python -m pyright --warnings
	.venv/bin/lint-imports
	.venv/bin/deptry .
	.venv/bin/python -m shared.contracts.golden check
	.venv/bin/python -m shared.contracts.compatibility
	.venv/bin/python -m services.pages check
	.venv/bin/python -m shared.database.migrations check

contracts: .venv/.run
	.venv/bin/python -m shared.contracts.golden write
	.venv/bin/python -m services.pages write

release: .venv/.run
	.venv/bin/python -m shared.contracts.golden release
	.venv/bin/python -m shared.database.migrations release

secrets:
	@sh deploy/compose/secrets.sh

lock: .venv/.dev
	$(LOCK) pyproject.toml -o requirements-service.lock
	$(LOCK) pyproject.toml --group local -c requirements-service.lock -o requirements.lock
	$(LOCK) pyproject.toml --group local --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up messages go to standard error, so that `make demo ARGS=--json` prints one JSON document and nothing else.
.venv/.run: requirements.lock deploy/venv.sh
	@sh deploy/venv.sh '$(PYTHON)' >&2
	@echo 'Installing the packages that Entente needs' >&2
	@$(PIP) install $$(test -t 2 || echo -q) --require-hashes -r requirements.lock >&2 || \
		{ echo 'Installation failed. The first run needs the network; later runs do not.' >&2; exit 1; }
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	@echo 'Installing the packages for tests and checks' >&2
	@$(PIP) install $$(test -t 2 || echo -q) --require-hashes -r requirements-dev.lock >&2
	@touch $@

.PHONY: help demo test compose-check check contracts release secrets lock clean
