"""Read FIT activities and courses into tracks.

See https://developer.garmin.com/fit/file-types/activity/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib.formats.errors import FormatError
from stravalib.formats.fit_backend import decoder
from stravalib.formats.fit_messages import Collector
from stravalib.formats.fit_structure import split
from stravalib.formats.fit_tracks import tracks_of

if TYPE_CHECKING:
    from stravalib.formats.track import Track


def read_fit(data: bytes, *, recover: bool = True) -> list[Track]:
    """Read FIT: one track for each session, of each chained file.

    Needs the extra ``fit`` (pyfitparsernative, else fitdecode). Pauses come from
    the timer's events. Heart rate that a strap stored by itself is merged. Fields
    of developers and unusual ones are in `TrackPoints.extra`. Transitions of a
    multisport file are tracks without a sport, named ``transition``.

    Parameters
    ----------
    data
        The file.
    recover
        Keep what can be read of a file that is cut short or damaged, and say so in
        `Track.warnings`; False raises instead.

    Raises
    ------
    FormatError
        For what is no FIT activity or course. Its offset is the damaged byte.
    ImportError
        When no FIT library is installed.
    """
    decode = decoder()
    parts = split(data)
    collected: list[Collector] = []
    hearts: list[tuple[float, float]] = []
    for part in parts:
        if part.damaged and not recover:
            raise FormatError(
                f"The FIT file is damaged: {'; '.join(part.warnings)}.",
                hint="Copy it from the device again, or read what is left of it.",
            )
        collector = Collector(part.warnings)
        for piece in part.slices:
            try:
                for message in decode(piece):
                    collector.take(message)
            except FormatError as error:
                if error.reason == "too_large" or not recover or not collector.useful:
                    raise
                collector.warnings.append(str(error))
        hearts.extend(collector.hearts)
        collected.append(collector)
    hearts.sort()
    tracks: list[Track] = []
    for collector in collected:
        if collector.is_track:
            tracks.extend(tracks_of(collector, hearts))
    if not tracks:
        raise _no_activity(collected)
    return tracks


def _no_activity(collected: list[Collector]) -> FormatError:
    kinds = sorted({str(one.kind) for one in collected if one.kind is not None})
    if kinds and kinds != ["activity"]:
        return FormatError(
            f"The FIT file is of the type {', '.join(kinds)}, not an activity.",
            reason="not_an_activity",
            hint="Choose a file of the device's activity folder.",
        )
    if any(part.warnings for part in collected):
        return FormatError(
            "The FIT file is damaged, and nothing of the activity can be read: "
            f"{collected[0].warnings[:3]}.",
            hint="Copy it from the device again.",
        )
    return FormatError(
        "The FIT file has no records and no session: nothing was recorded.",
        reason="not_an_activity",
        hint="Choose another file.",
    )
