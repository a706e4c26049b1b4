"""Build the feature matrix: the one definition, for one moment now and for millions in the past."""

from datetime import datetime

from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from training.features.calendar import add_calendar
from training.features.matrix import ColumnSink, FeatureMatrix
from training.features.moment_state import state_of
from training.features.parcel import add_parcel
from training.features.progress import add_progress
from training.features.promise_columns import add_promises
from training.features.replan import add_replan
from training.features.route import add_route
from training.features.silence import add_silence
from training.features.vocabulary import Vocabulary
from training.features.weather import add_weather
from training.history.history import History

__all__ = ["build"]


def build(
    facts: Facts, moments: Moments, *, history: History, vocabulary: Vocabulary, history_until: datetime | None = None
) -> FeatureMatrix:
    """Give the features of *n* moments as an *n* x *k* matrix.

    A row depends only on what was received by its moment (``received_at <= at``; for the history ``< at``), never on the other rows: the same
    pair gives the same bits alone and among millions. Columns, their order and meaning depend on the vocabulary alone. ``facts``
    holds at least everything of the shipments asked for, their facilities and the weather around them.

    ``history`` holds as-of levels, from `History.build`, a snapshot, or `History.out_of_fold`; with ``history_until`` it is looked up at
    ``min(at, history_until)``, the frozen protocol.

    Raises `NotFound` for a shipment that the facts do not hold.
    """
    state = state_of(facts, moments)
    sink = ColumnSink(len(moments))
    add_progress(sink, state, vocabulary)
    add_replan(sink, state, vocabulary.departures)
    add_silence(sink, state)
    add_parcel(sink, state, vocabulary)
    add_route(sink, state, vocabulary)
    add_calendar(sink, state)
    add_promises(sink, state)
    until = None if history_until is None else micros(history_until)
    ends = [end for end in (until, history.until) if end is not None]  # a history answers later moments as of its own end
    add_weather(sink, state, history.climate, until=min(ends, default=None))
    history.add_columns(sink, state, until=until)
    return sink.matrix()
