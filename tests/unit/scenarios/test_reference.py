"""The listing of the guide: what it says of documents, messages and problems is what the services have."""

from scenarios.catalogue import catalogue
from scenarios.listing_of_expectations import documents_of, messages, problems
from services.notifications.domain.rules import RULES

DOCUMENTS = list(documents_of(catalogue(), ["Area", "Text"]))


def line(name: str) -> str:
    """What is listed of a document."""
    found = [each for each in DOCUMENTS if each.startswith(f"- `{name}`")]
    assert len(found) == 1, f"{name} is not listed once"
    return found[0]


def test_each_document_is_listed_with_its_fields_and_filters() -> None:
    """All but the inbox, which messages are expected in."""
    assert "(found by `status`, `area`): `id`" in line("agreements")
    for own in catalogue().documents.values():
        for each in own.values():
            assert each.name == "inbox" or line(each.name)


def test_a_status_is_listed_with_its_values_in_the_order_of_the_lifecycle() -> None:
    """Also that of a part, such as a milestone; lists that have a name are told by it."""
    assert "`status` (one of `drafted`, `running`, `completed`, `terminated`, `withdrawn`)" in line("deals")
    assert "`status` (one of `planned`, `reported`, `achieved`, `disputed`)" in line("deals")
    assert "`area` (*Area*)" in line("deals")
    assert "`areas` (a mapping by *Area*, each a mapping by one of `programmes-opened`, " in line("delivery")


def test_each_kind_of_message_is_listed_with_who_is_told() -> None:
    """One row a kind and event, in the order of the rules."""
    table = list(messages())

    assert len(table) == 2 + len({(rule.event, rule.kind) for rule in RULES})
    assert table[2] == (
        "| `agreement-to-review` | `entente.partners.agreement.submitted.v1` "
        "| `partnership-officer` of its `signatories` |"
    )
    told = next(row for row in table if row.startswith("| `agreement-signature-added` "))
    assert told.endswith("| `signatory` of its `signatories`; `partnership-officer` of its `signatories`, or within |")


def test_each_problem_is_listed_with_its_sentence_and_page() -> None:
    """What a sentence names is readable."""
    found = list(problems(catalogue()))

    assert len(found) == len(catalogue().problems)
    sentence = "Your organisation has given its *what* already; wait for the other side."
    assert f"- [`agreed-already`](problems.md#agreed-already): {sentence}" in found
