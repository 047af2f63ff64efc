# Two commands: `make demo` and `make test`. Both set up what they need in .venv and .entente of this checkout.
.POSIX:
PYTHON = python3
PY = .venv/bin/python
ARGS =
LOCK = .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header

demo: .venv/.run
	@.venv/bin/entente demo $(ARGS)

lock: .venv/.dev
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
