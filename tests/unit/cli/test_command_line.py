"""How the command line answers help, wrong usage and wrong settings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import COMMANDS, PROJECT, run
from local.installation import ROOT
from local.ports import free_port
from shared.service.settings import Settings

ASKED = [[name] for name in COMMANDS] + [["dead-letters", "list"], []]


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_each_help_has_an_example(words: list[str], option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The help of every command, by --help or -h, exits with 0 and shows an example of that command."""
    assert run([*words, option]) == 0
    assert f"entente {' '.join(words)}".strip() in capsys.readouterr().out.partition("Example:")[2]


PASSWORD_IN_A_DSN = re.compile(r"://[^\s/@]*:[^\s/@]+@")


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_no_help_shows_a_password_on_a_command_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A command copied from a help text does not show a password to everyone who can list processes."""
    assert run([*words, "--help"]) == 0
    assert PASSWORD_IN_A_DSN.findall(capsys.readouterr().out) == []


def test_no_guide_shows_a_password_on_a_command_line() -> None:
    """No command in the guides has a password, or reads a password file, as an argument."""
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        text = page.read_text()
        assert PASSWORD_IN_A_DSN.findall(text) == [], page
        assert re.findall(r"(?:-c|--command|--password)[ =][^\n]*password[^\n]*", text) == [], page


def test_without_a_command_it_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """`entente` alone lists all commands."""
    assert run([]) == 0
    assert set(COMMANDS) <= set(capsys.readouterr().out.split())


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints the version in pyproject.toml."""
    assert run(["--version"]) == 0
    version = capsys.readouterr().out.removeprefix("entente ").strip()
    assert f'version = "{version}"' in PROJECT.read_text()


WRONG = [
    (["import", "README.md", "--what", "organisations"], "README.md is no file that can be imported"),
    (["import", "README.md", "--what", "birds"], "there is no import of 'birds'; there are: organisations, people"),
    (["nonsense"], "No such command 'nonsense'"),
    (["topics", "--nonsense"], "No such option: --nonsense"),
    (["serve"], "Missing argument"),
    (["serve", "nonsense"], "no service is called 'nonsense'; choose one of partners, exchanges"),
    (["serve", "issuer", "--only", "api"], "--only is for services"),
    (["serve", "partners", "--only", "both"], "'both' is not one of 'api', 'work'"),
    (["migrate", "nonsense"], "no service is called 'nonsense'"),
    (["dead-letters", "list", "nonsense"], "no service is called 'nonsense'"),
    (["status", "--url", "partners"], "write NAME=ADDRESS"),
    (["status", "--url", "partners=http://partners:99999"], "write NAME=ADDRESS"),
    (["status", "--url", "partners=http://[::1"], "write NAME=ADDRESS"),
    (["tail", "--key", "nonsense"], "'--key': Input should be a valid UUID"),
]


@pytest.mark.parametrize(("words", "sentence"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_wrong_usage_is_answered_in_one_line(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong usage prints one line on standard error that says what is wrong, and exits with 2."""
    assert run(words) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.startswith("entente: ")
    assert sentence in printed.err


SETTINGS = [
    ("KAFKA", "nowhere", "write it as host:port"),
    ("HTTP", "127.0.0.1:99999", "there is no port 99999: the last is 65535"),
    ("HTTP", "127.0.0.1:80/path", "write it as host:port"),
    ("DATABASE", "db:5432²/entente", "write it as host:port"),
    ("LOG_LEVEL", "verbose", "Input should be 'debug', 'info', 'warning', 'error' or 'critical'"),
    ("WORKERS", "0", "Input should be greater than or equal to 1"),
    ("PORTS_SHIFT", "some", "write a number from 0 to 10000, not 'some'"),
    ("PORTS_SHIFT", "-9000", "write a number from 0 to 10000, not '-9000'"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), SETTINGS)
def test_an_invalid_setting_is_named(name: str, value: str, sentence: str) -> None:
    """An invalid setting prints one line with its variable and what is allowed, and exits with 2."""
    environment = os.environ | {"ENTENTE_DEVELOPMENT": "1", f"ENTENTE_{name}": value}
    words = ["doctor"] if name == "PORTS_SHIFT" else ["serve", "partners"]
    command = [sys.executable, "-m", "cli", *words]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert (ran.returncode, ran.stderr) == (2, f"entente: ENTENTE_{name}: {sentence}\n")


@pytest.mark.parametrize("value", ["host:5432", "host:5432/database", "[::1]:5432/database"])
def test_a_database_may_be_given_without_its_name(value: str) -> None:
    """An address alone is enough."""
    assert Settings(database=value, development=True).database == value


def test_a_log_level_may_be_written_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Log levels may be in capitals, as in other programs."""
    monkeypatch.setenv("ENTENTE_LOG_LEVEL", "WARNING")
    assert Settings(development=True).log_level == "warning"


def test_a_service_without_an_issuer_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service accepts the development issuer only if ENTENTE_DEVELOPMENT allows it."""
    monkeypatch.delenv("ENTENTE_DEVELOPMENT", raising=False)
    monkeypatch.delenv("ENTENTE_ISSUER", raising=False)
    assert run(["serve", "partners"]) == 2
    assert capsys.readouterr().err.startswith("entente: ENTENTE_ISSUER names no identity provider")


def test_without_an_installation_it_says_how_to_start_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """If there is no installation, a command that needs one says how to start or name one."""
    for name in ("ENTENTE_DATABASE", "ENTENTE_KAFKA", "ENTENTE_ISSUER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENTENTE_STATE", str(tmp_path))
    assert run(["topics", "--check"]) == 1
    assert "run `entente up`, or set ENTENTE_DATABASE and ENTENTE_KAFKA" in capsys.readouterr().err


NEED_POSTGRES = [
    ["dead-letters", "list"],
    ["grant", "--subject", "ada", "--name", "Ada", "--role", "operator", "--organisation", "ror:03angcq70"],
    ["first-operator", "--who", "{subject: ada, name: {en: Ada}, identifier: {scheme: ror, value: 03angcq70}}"],
]


@pytest.mark.parametrize("words", NEED_POSTGRES, ids=lambda words: words[0])
def test_a_database_that_does_not_answer_is_named(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """If Postgres does not answer, a command says which one and what to do, and exits with 1."""
    closed = free_port(20700)
    monkeypatch.setenv("ENTENTE_DATABASE", f"127.0.0.1:{closed}/entente")
    monkeypatch.setenv("ENTENTE_ISSUER", "https://id.example.org")
    for role in ("PARTNERS_OWNER", "PARTNERS_OPERATOR"):
        monkeypatch.setenv(f"ENTENTE_PASSWORD_{role}", "secret")
    assert run(words) == 1
    away = f"entente: Postgres at 127.0.0.1:{closed}/entente does not answer: start it and ask again\n"
    assert capsys.readouterr().err == away


@pytest.mark.parametrize("words", NEED_POSTGRES[1:], ids=lambda words: words[0])
@pytest.mark.parametrize("named", [{"ENTENTE_DEVELOPMENT": "0"}, {}], ids=["no", "unset"])
def test_an_account_without_an_issuer_is_refused(
    words: list[str], named: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """If only the database is given, no account for the development issuer is created: it could not sign in."""
    monkeypatch.setenv("ENTENTE_DATABASE", "127.0.0.1:1/entente")
    monkeypatch.setenv("ENTENTE_PASSWORD_PARTNERS_OWNER", "secret")
    for name in ("ENTENTE_ISSUER", "ENTENTE_DEVELOPMENT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    assert run(words) == 2
    printed = capsys.readouterr().err
    assert (printed.count("\n"), "--issuer or ENTENTE_ISSUER" in printed) == (1, True)


@pytest.mark.parametrize("more", [["--issuer", "https://id.example.org"], []], ids=["named", "development"])
def test_an_account_with_an_issuer_reaches_the_database(
    more: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The issuer may be given for this account, or be the development issuer if that is allowed."""
    monkeypatch.setenv("ENTENTE_DATABASE", "127.0.0.1:1/entente")
    monkeypatch.setenv("ENTENTE_PASSWORD_PARTNERS_OWNER", "secret")
    monkeypatch.delenv("ENTENTE_ISSUER", raising=False)
    monkeypatch.setenv("ENTENTE_DEVELOPMENT", "0" if more else "1")
    assert run([*NEED_POSTGRES[1], *more]) == 1
    assert "Postgres at 127.0.0.1:1/entente does not answer" in capsys.readouterr().err


def test_a_closed_pipe_is_not_an_error() -> None:
    """If the reader of its output closes the pipe, the command ends without an error message."""
    command = [sys.executable, "-c", "import sys; from cli.main import run; sys.exit(run(['--help']))"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout
        child.stdout.close()
        assert child.stderr
        assert child.stderr.read() == ""
