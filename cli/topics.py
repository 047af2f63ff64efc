"""`entente topics`: creates and checks the Kafka topics that this version needs."""

import asyncio
from typing import Annotated

import typer

from local.installation import find_settings
from local.terminal.stopping import quieten
from shared.contracts import load_all
from shared.kafka_admin.topics import Topics, wanted_topics


def topics(
    check: Annotated[bool, typer.Option("--check", help="Create nothing; exit with 1 if a topic differs.")] = False,
) -> None:
    """Create missing topics and check that all are as they should be. Prints one line per topic.

    Example: entente topics --check
    """
    quieten()
    if not asyncio.run(_topics(check)):
        raise typer.Exit(1)


async def _topics(check: bool) -> bool:
    events, settings = load_all().values(), find_settings()
    kept = Topics(settings.kafka, events, settings.topic_prefix, replicas=settings.kafka_replicas)
    made = [] if check else await kept.make()
    differences = await kept.differences()
    wrong = {one.topic for one in differences}
    for name in wanted_topics(events):
        if name not in wrong:
            print(f"{name}: {'created' if name in made else 'as it should be'}")
    for one in differences:
        print(one.sentence)
    return not differences
