"""Warnings: their class, their words, and the line that they point at."""

from __future__ import annotations

import warnings

import pytest

from stravalib._core import deprecation


def method(warn, *arguments):
    warn(*arguments)


def line_of_a_user(warn, *arguments):
    method(warn, *arguments)


@pytest.mark.parametrize(
    ("warn", "arguments", "category", "words"),
    [
        (
            deprecation.warn_unsupported,
            ("athlete_id",),
            DeprecationWarning,
            'The "athlete_id" parameter is unsupported by the Strava API.',
        ),
        (
            deprecation.warn_undocumented,
            ("private",),
            FutureWarning,
            'The "private" parameter is undocumented in the Strava API.',
        ),
        (
            deprecation.warn_undocumented_method,
            ("get_x",),
            FutureWarning,
            'The "get_x" method is undocumented in the Strava API.',
        ),
        (
            deprecation.warn_replaced,
            ("activity_type", "sport_type", "https://x.example/y"),
            DeprecationWarning,
            'Instead, you can use "sport_type". See https://x.example/y for more',
        ),
        (
            deprecation.warn_removed_endpoint,
            ("get_club_members",),
            DeprecationWarning,
            "that Strava removed on September 1, 2026.",
        ),
        (
            deprecation.warn_restricted_endpoint,
            ("explore_segments",),
            FutureWarning,
            "the Extended Access Tier on September 1, 2026.",
        ),
    ],
)
def test_a_warning_points_at_the_line_that_called_the_method(
    warn, arguments, category, words
):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        line_of_a_user(warn, *arguments)
    (warning,) = caught
    assert warning.category is category
    assert words in str(warning.message)
    assert arguments[0] in str(warning.message)
    assert warning.filename == __file__
    assert warning.lineno == line_of_a_user.__code__.co_firstlineno + 1
