"""From bytes or samples to activities, as Strava's own processing does."""

from __future__ import annotations
