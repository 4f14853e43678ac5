"""From bytes or samples to activities, as Strava's own processing does."""

from __future__ import annotations

from stravalib.emulator.processing.upload import activity_of, process_upload
from stravalib.emulator.records import RejectedUpload

__all__ = ["RejectedUpload", "activity_of", "process_upload"]
