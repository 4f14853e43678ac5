"""Read a file of any supported format, whatever its name says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stravalib.formats.detect import MAX_BYTES, load, logger, sniff_bytes
from stravalib.formats.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable

    from stravalib.formats.detect import FileType, Source
    from stravalib.formats.track import Track

_WORDS: Final = {"fit": "FIT", "gpx": "GPX", "tcx": "TCX", "json": "strength JSON"}


def read(
    source: Source,
    data_type: str | None = None,
    *,
    max_bytes: int = MAX_BYTES,
    recover: bool = True,
) -> list[Track]:
    """Read a FIT, GPX, TCX or strength JSON file, gzipped or not.

    Parameters
    ----------
    source
        The bytes, a file opened in binary mode, or a path.
    data_type
        What it is said to be: ``fit``, ``gpx``, ``tcx``, ``json``, with or without
        ``.gz``, any case. The content decides; when it disagrees, a warning is added
        to each track. Only content that says nothing falls back on it.
    max_bytes
        The largest size accepted, before and after unpacking.
    recover
        Keep what can be read of a FIT file that is cut short or damaged, and say so
        in `Track.warnings`; False raises instead.

    Returns
    -------
    list of Track
        At least one. A FIT multisport file gives one track a leg, a GPX file one a
        track or route.

    Raises
    ------
    FormatError
        For anything that is not such a file; see its `reason`.
    OSError
        When a path cannot be opened.
    """
    data = load(source, max_bytes=max_bytes)
    said = _said(data_type)
    kind = sniff_bytes(data) or said
    if kind is None:
        raise FormatError(
            "The file is none of FIT, GPX, TCX and strength JSON; it begins with "
            f"{data[:12]!r}.",
            reason="unknown_type",
            offset=0,
            hint="Export it again in one of these formats.",
        )
    tracks = _parser(kind, recover)(data)
    if said is not None and said != kind:
        for track in tracks:
            track.warnings.append(f"the file is {_WORDS[kind]}, not {_WORDS[said]}")
    for track in tracks:
        for warning in track.warnings:
            logger.debug("%s: %s", kind, warning)
    return tracks


def sniff(source: Source, *, max_bytes: int = MAX_BYTES) -> FileType | None:
    """Return ``fit``, ``gpx``, ``tcx``, ``json`` or None, by content, through gzip."""
    return sniff_bytes(load(source, max_bytes=max_bytes))


def _said(data_type: str | None) -> FileType | None:
    if data_type is None:
        return None
    word = data_type.strip().lower().removesuffix(".gz").removeprefix(".")
    for kind in ("fit", "gpx", "tcx", "json"):
        if word == kind:
            return kind
    raise FormatError(
        f"{data_type!r} is not a data type that can be read.",
        reason="unknown_type",
        hint="Use fit, fit.gz, tcx, tcx.gz, gpx, gpx.gz or json.",
    )


def _parser(kind: FileType, recover: bool) -> Callable[[bytes], list[Track]]:
    if kind == "fit":
        from stravalib.formats.fit_reader import read_fit

        return lambda data: read_fit(data, recover=recover)
    if kind == "gpx":
        from stravalib.formats.gpx_reader import read_gpx

        return read_gpx
    if kind == "tcx":
        from stravalib.formats.tcx_reader import read_tcx

        return read_tcx
    from stravalib.formats.strength import read_strength

    return read_strength
