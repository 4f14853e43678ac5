"""The libraries that decode FIT messages: the fast one, else the pure one."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from stravalib.formats.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Message = dict[str, Any]

FIT_EPOCH: Final = 631_065_600.0  # 1989-12-31
# below of it, times count from when the device was switched on
FIRST_DATE: Final = FIT_EPOCH + 0x10000000


def decoder() -> Callable[[bytes], Iterable[Message]]:
    """Return what turns a sound FIT file into messages, whichever is installed.

    Every message is a dict of its fields, with ``message_type``.

    Raises
    ------
    ImportError
        When neither pyfitparsernative nor fitdecode is installed.
    """
    try:
        import pyfitparsernative
    except ImportError:
        try:
            import fitdecode  # noqa: F401
        except ImportError:
            raise ImportError(
                "reading FIT files needs a FIT library; install one with "
                'pip install "stravalib[fit]"'
            ) from None
        return decode_pure
    native: Callable[[bytes], list[Message]] = pyfitparsernative.parse_fit_bytes

    def decode(data: bytes) -> Iterable[Message]:
        try:
            return native(data)
        except BaseException as error:
            # a panic of the Rust library is a BaseException of its own
            if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
                raise
            return _second_try(data, error)

    return decode


def _second_try(data: bytes, error: BaseException) -> Iterable[Message]:
    try:
        return list(decode_pure(data))
    except (ImportError, FormatError):
        raise FormatError(
            f"The FIT data cannot be decoded: {str(error)[:200]}.",
            hint="Copy the file from the device again.",
        ) from error


def decode_pure(data: bytes) -> Iterable[Message]:
    """Decode with fitdecode."""
    import fitdecode

    messages: list[Message] = []
    try:
        with fitdecode.FitReader(
            io.BytesIO(data),
            check_crc=fitdecode.CrcCheck.DISABLED,
            error_handling=fitdecode.ErrorHandling.IGNORE,
        ) as reader:
            for frame in reader:
                if not isinstance(frame, fitdecode.FitDataMessage):
                    continue
                message: Message = {}
                for entry in frame.fields:
                    # a developer's field may have no name
                    if entry.value is not None and isinstance(entry.name, str):
                        if entry.name.endswith("_product"):
                            message["product"] = entry.raw_value
                        else:
                            message[entry.name] = entry.value
                message["message_type"] = frame.name
                messages.append(message)
    except Exception as error:
        if not messages:
            raise FormatError(
                f"The FIT data cannot be decoded: {str(error)[:200]}.",
                hint="Copy the file from the device again.",
            ) from error
    return messages


def seconds(value: object) -> float | None:
    """Return a time of either library in seconds since 1970, UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            value = value.replace(tzinfo=UTC)
        return value.timestamp()
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return FIT_EPOCH + value  # fitdecode leaves times without a date as they are
    return None


def numeric(value: object) -> float | None:
    """Return a finite number as float, of a list its first; words give None."""
    if isinstance(value, (list, tuple)):
        value = value[0] if value else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if isfinite(found) else None


def word(value: object) -> str | None:
    """Return a word of the profile, or None for numbers that have no word."""
    if isinstance(value, (list, tuple)):
        value = value[0] if value else None
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        return value.strip("\x00 ") or None
    return None


def product_name(manufacturer: str | None, product: object) -> str | None:
    """Return a name for people, ``Garmin Edge 810``, of what the file states."""
    named = None
    if manufacturer == "garmin" and isinstance(product, int):
        named = _garmin_products().get(product)
    if manufacturer is None or manufacturer in ("development", "invalid"):
        return None
    maker = manufacturer.replace("_", " ").title()
    if named is None:
        return maker
    words = re.sub(r"(?<=[a-z])(?=\d)", " ", named.replace("_", " "))
    words = re.sub(r"\bfr (?=\d)", "Forerunner ", words)
    return f"{maker} {words[:1].upper()}{words[1:]}"


def _garmin_products() -> dict[int, str]:
    try:
        from fitdecode.profile import FIELD_TYPES
    except ImportError:
        return {}
    kind: Any = FIELD_TYPES.get("garmin_product")
    return {} if kind is None else dict(kind.enum)
