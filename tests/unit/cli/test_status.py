"""What `entente status` makes of metrics."""

from datetime import timedelta

import pytest

from cli.dead_letters import age
from cli.status import sums

EXPOSITION = """# TYPE entente_outbox_rows gauge
entente_outbox_rows{topic="a"} 2
entente_outbox_rows{topic="b"} 3
# TYPE entente_outbox_oldest_age_seconds gauge
entente_outbox_oldest_age_seconds{topic="a"} 7
entente_outbox_oldest_age_seconds{topic="b"} 5
# TYPE entente_consumer_keys gauge
entente_consumer_keys{consumer="x",state="waiting"} 1
entente_consumer_keys{consumer="y",state="waiting"} 1
entente_consumer_keys{consumer="x",state="parked"} 4
"""


def test_figures_are_summed_and_ages_are_the_oldest() -> None:
    """Each figure is the sum over topics or consumers, by state where there is one; of ages the oldest counts."""
    assert sums(EXPOSITION) == {
        "entente_outbox_rows": 5,
        "entente_outbox_oldest_age_seconds": 7,
        "entente_consumer_keys:waiting": 2,
        "entente_consumer_keys:parked": 4,
    }


@pytest.mark.parametrize(
    ("seconds", "said"), [(-1, "0 s"), (59.9, "59 s"), (60, "1 min"), (7200, "2 h"), (86_400 * 9, "9 d")]
)
def test_an_age_is_said_in_its_largest_unit(seconds: float, said: str) -> None:
    """Nobody wants to know the seconds of nine days."""
    assert age(timedelta(seconds=seconds)) == said
