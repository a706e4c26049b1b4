"""Train anew, compare with the serving model, promote or decline: ``doorcast retrain``."""

from time import perf_counter
from typing import Annotated

import typer

from serving.cli.models import open_registry, print_json
from serving.cli.train import Cut, DeliveredOnly, Seed, instant_of, print_scores, scores_of, shown_steps, stored_facts
from serving.settings import Settings

__all__ = ["retrain"]


def retrain(
    *,
    cut: Cut = None,
    seed: Seed = 1,
    allow_delivered_only: DeliveredOnly = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")] = False,
) -> None:
    """Train on all but the newest weeks of the store, compare with the serving model on those weeks, and promote or decline.

    The rule, the numbers and the reason are written into the ledger: `doorcast models history`. Declining is no error: the exit code is 0.
    Meant for a schedule, such as one line of cron a week.
    """
    from training.retrain import retrain as run

    started = perf_counter()
    settings, until = Settings(), instant_of(cut)
    registry = open_registry(settings)
    with shown_steps(quiet=as_json) as progress:
        facts = stored_facts(settings)
        done = run(facts, registry, cut=until, progress=progress, seed=seed, allow_delivered_only=allow_delivered_only)
    if as_json:
        decision = {"promoted": done.decision.promote, "reason": done.decision.reason, "evidence": done.decision.evidence}
        print_json(
            {"version": done.version, "champion": done.champion, **decision, "seconds": perf_counter() - started, **scores_of(done.trained)}
        )
        return
    print_scores(done.trained)
    typer.echo(f"{done.version} {done.decision.reason}")
