"""Keep secrets out of what other libraries log.

The log lines of stravalib hold no secret. Below it, urllib3 (at DEBUG) and httpx2 (at
INFO) log whole addresses, and Strava forces the client secret into one of them: that of
`list_subscriptions`. stravalib attaches nothing by itself, because logging is the
program's own affair.

>>> import logging
>>> handler = logging.StreamHandler()
>>> handler.addFilter(HideSecrets())
"""

from __future__ import annotations

import logging
import re

from stravalib._core.http import REDACTED, SECRET_NAMES

__all__ = ["HideSecrets"]

_NAMES = "|".join(sorted(re.escape(name) for name in SECRET_NAMES))
# In an address or a form, in JSON or the repr of a dictionary, in a header.
_SECRETS = re.compile(
    rf"""(?P<before>
        (?<=[?&\s"']) (?:{_NAMES}) =
      | \A (?:{_NAMES}) =
      | ["'] (?:{_NAMES}) ["'] \s* : \s* ["']
      | \b (?:Bearer|Basic) \s+
    )
    [^\s&"'\#]+""",
    re.VERBOSE | re.IGNORECASE,
)


class HideSecrets(logging.Filter):
    """Take the values of secrets out of log records; no record is dropped.

    Hides the client secret, tokens and codes where they stand in an address, a form,
    JSON or an ``Authorization`` header. Attach it to a handler, and it sees all that
    goes there; a filter of a logger sees only what this one logger is told.

    Examples
    --------
    >>> import logging
    >>> line = "GET /api/v3/push_subscriptions?client_id=1&client_secret=abc HTTP/1.1"
    >>> record = logging.LogRecord("urllib3", 10, "", 0, line, (), None)
    >>> HideSecrets().filter(record)
    True
    >>> record.getMessage()
    'GET /api/v3/push_subscriptions?client_id=1&client_secret=[redacted] HTTP/1.1'
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record in place, and let it pass."""
        try:
            text = record.getMessage()
        except Exception:
            # Arguments that do not fit: the handler tells of it.
            return True
        clean = _SECRETS.sub(rf"\g<before>{REDACTED}", text)
        if clean != text:
            record.msg, record.args = clean, ()
        return True
