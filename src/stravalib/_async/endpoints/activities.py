"""Activities: https://developers.strava.com/docs/reference/#api-Activities."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from stravalib import model, strava_model
from stravalib._async.endpoints.base import AsyncEndpoints
from stravalib._core import params
from stravalib._core.deprecation import warn_replaced, warn_unsupported
from stravalib._core.params import activity_type_params

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    import pint

    from stravalib._async.paging import AsyncBatchedResultsIterator
    from stravalib.strava_model import ActivityType, SportType

UPDATABLE_URL = (
    "https://developers.strava.com/docs/reference/#api-models-UpdatableActivity"
)


class AsyncActivitiesEndpoints(AsyncEndpoints):
    """Calls on activities and what hangs on them."""

    def get_activities(
        self,
        before: datetime | str | None = None,
        after: datetime | str | None = None,
        limit: int | None = None,
    ) -> AsyncBatchedResultsIterator[model.SummaryActivity]:
        """Return the athlete's activities, newest first (oldest first with `after`).

        One request per 200 activities, and one to see the end; scope
        ``activity:read`` (``activity:read_all`` for those visible to you only).

        Parameters
        ----------
        before, after
            Start time limits; without a zone they count as UTC.
        limit
            The largest number of activities; None or 0 for all.

        Raises
        ------
        ValueError
            A text is no date.
        ScopeMissing
            The athlete did not grant ``activity:read``.

        See https://developers.strava.com/docs/reference/#api-Activities-getLoggedInAthleteActivities
        """
        query = {
            "before": None if before is None else params.to_epoch(before, "before"),
            "after": None if after is None else params.to_epoch(after, "after"),
        }
        fetcher = functools.partial(
            self.protocol.get,
            "/athlete/activities",
            check_for_errors=True,
            **query,
        )
        return self._results(
            model.SummaryActivity, "athlete_activities", fetcher, limit
        )

    async def get_activity(
        self, activity_id: int, include_all_efforts: bool = False
    ) -> model.DetailedActivity:
        """Return one activity of the athlete, with all detail.

        One request; scope ``activity:read`` (``activity:read_all`` for one that is
        visible to you only).

        Parameters
        ----------
        activity_id
            Id of the activity.
        include_all_efforts
            Also the segment efforts that Strava hides by default.

        Raises
        ------
        ObjectNotFound
            Unknown, deleted, someone else's, or invisible to this token.

        See https://developers.strava.com/docs/reference/#api-Activities-getActivityById
        """
        raw = await self.protocol.get(
            "/activities/{id}", id=activity_id, include_all_efforts=include_all_efforts
        )
        return self._build(model.DetailedActivity, raw)

    async def create_activity(
        self,
        name: str,
        start_date_local: datetime | str,
        elapsed_time: int | timedelta,
        sport_type: SportType | str | None = None,
        activity_type: ActivityType | str | None = None,
        description: str | None = None,
        distance: pint.Quantity[float] | float | None = None,
        trainer: bool | None = None,
        commute: bool | None = None,
    ) -> model.DetailedActivity:
        """Create a manual activity: no file, no streams.

        One request, never repeated by itself; scope ``activity:write``. To send a
        file use `upload_activity`.

        Parameters
        ----------
        name
            Title.
        start_date_local
            Local wall time of the start; its zone, if any, is dropped.
        elapsed_time
            Seconds, or a timedelta.
        sport_type
            Sport word, upper and lower case as in Strava's list.
        activity_type
            Deprecated, use ``sport_type``.
        description
            Text.
        distance
            Metres, or a pint quantity.
        trainer
            Whether it was indoors.
        commute
            Whether it was a commute.

        Raises
        ------
        ValueError
            No sport, or an unknown one.
        ScopeMissing
            The athlete did not grant ``activity:write``.

        See https://developers.strava.com/docs/reference/#api-Activities-createActivity
        """
        if sport_type is None and activity_type is None:
            raise ValueError(
                "Either 'sport_type' or 'activity_type' must be provided to create an "
                "activity."
            )
        query: dict[str, Any] = {
            "name": name,
            "start_date_local": (
                start_date_local
                if isinstance(start_date_local, str)
                else params.wall_clock(start_date_local, "start_date_local")
            ),
            "elapsed_time": params.to_seconds(elapsed_time),
        }
        if description is not None:
            query["description"] = description
        if distance is not None:
            query["distance"] = params.to_meters(distance)
        if commute is not None:
            query["commute"] = commute
        if trainer is not None:
            query["trainer"] = trainer
        query = self._validate_activity_type(query, activity_type, sport_type)
        raw = await self.protocol.post("/activities", **query)
        return self._build(model.DetailedActivity, raw)

    async def update_activity(
        self,
        activity_id: int,
        name: str | None = None,
        activity_type: ActivityType | str | None = None,
        sport_type: SportType | str | None = None,
        description: str | None = None,
        private: bool | None = None,
        commute: bool | None = None,
        trainer: bool | None = None,
        gear_id: str | None = None,
        device_name: str | None = None,
        hide_from_home: bool | None = None,
    ) -> model.DetailedActivity:
        """Change an activity; what is None stays as it is.

        One request; scope ``activity:write`` (and ``activity:read_all`` for one that
        is visible to you only).

        Parameters
        ----------
        activity_id
            Id of the activity.
        name, description
            Texts; ``""`` empties the description.
        sport_type
            Sport word, upper and lower case as in Strava's list.
        activity_type
            Deprecated, use ``sport_type``.
        commute, trainer, hide_from_home
            Flags; ``hide_from_home`` mutes it in the feed.
        gear_id
            Id of a bike (``b...``) or shoe (``g...``); ``"none"`` clears.
        private, device_name
            Without effect at Strava.

        Raises
        ------
        ValueError
            An unknown sport.
        ObjectNotFound
            Unknown, deleted, someone else's, or invisible to this token.

        See https://developers.strava.com/docs/reference/#api-Activities-updateActivityById
        """
        if private is not None:
            warn_unsupported("private")
        if device_name is not None:
            warn_unsupported("device_name")
        changes = {
            "name": name,
            "description": description,
            "commute": commute,
            "trainer": trainer,
            "gear_id": gear_id,
            "hide_from_home": hide_from_home,
        }
        body = {key: value for key, value in changes.items() if value is not None}
        body = self._validate_activity_type(body, activity_type, sport_type)
        raw = await self.protocol.put("/activities/{id}", id=activity_id, body=body)
        return self._build(model.DetailedActivity, raw)

    def _validate_activity_type(
        self,
        params: dict[str, Any],
        activity_type: str | ActivityType | None,
        sport_type: str | SportType | None,
    ) -> dict[str, Any]:
        """Add the checked sport words to ``params`` and return it."""
        if activity_type is not None and sport_type is None:
            warn_replaced("activity_type", "sport_type", UPDATABLE_URL, stacklevel=4)
        params.update(activity_type_params(activity_type, sport_type))
        return params

    def get_activity_comments(
        self, activity_id: int, markdown: bool = False, limit: int | None = None
    ) -> AsyncBatchedResultsIterator[strava_model.Comment]:
        """Return the comments on an activity, oldest first.

        One request per 200 comments (by cursor); scope as `get_activity`.

        Parameters
        ----------
        activity_id
            Id of the activity.
        markdown
            Whether the text keeps Strava's markup for mentions.
        limit
            The largest number of comments; None or 0 for all.

        See https://developers.strava.com/docs/reference/#api-Activities-getCommentsByActivityId
        """
        fetcher = functools.partial(
            self.protocol.get,
            "/activities/{id}/comments",
            id=activity_id,
            markdown=int(markdown),
        )
        return self._results(strava_model.Comment, "activity_comments", fetcher, limit)

    def get_activity_kudos(
        self, activity_id: int, limit: int | None = None
    ) -> AsyncBatchedResultsIterator[model.SummaryAthlete]:
        """Return who gave kudos: first names and initials, Strava sends no ids.

        One request per 200 athletes; scope as `get_activity`.

        See https://developers.strava.com/docs/reference/#api-Activities-getKudoersByActivityId
        """
        fetcher = functools.partial(
            self.protocol.get, "/activities/{id}/kudos", id=activity_id
        )
        return self._results(model.SummaryAthlete, "activity_kudos", fetcher, limit)

    def get_activity_laps(
        self, activity_id: int
    ) -> AsyncBatchedResultsIterator[model.Lap]:
        """Return the laps of an activity.

        One request; scope as `get_activity`.

        See https://developers.strava.com/docs/reference/#api-Activities-getLapsByActivityId
        """
        fetcher = functools.partial(
            self.protocol.get, "/activities/{id}/laps", id=activity_id
        )
        return self._results(model.Lap, "activity_laps", fetcher)

    def get_activity_photos(
        self,
        activity_id: int,
        size: int | None = None,
        only_instagram: bool = False,
    ) -> AsyncBatchedResultsIterator[model.ActivityPhoto]:
        """Return the photos of an activity; Strava does not document this endpoint.

        One request per 200 photos; scope as `get_activity`.

        Parameters
        ----------
        activity_id
            Id of the activity.
        size
            Longest side in pixels of the picture that ``urls`` points to, for
            example 2048; without it only the smallest.
        only_instagram
            Leave out photos that are on Strava itself.

        See https://developers.strava.com/docs/reference/ (not listed there)
        """
        query: dict[str, Any] = {}
        if not only_instagram:
            query["photo_sources"] = "true"
        if size is not None:
            query["size"] = size
        fetcher = functools.partial(
            self.protocol.get, "/activities/{id}/photos", id=activity_id, **query
        )
        return self._results(model.ActivityPhoto, "activity_photos", fetcher)

    async def get_activity_zones(self, activity_id: int) -> list[model.ActivityZone]:
        """Return time in heart rate, power and pace zones.

        One request; scope as `get_activity`; subscribers only.

        Raises
        ------
        SubscriptionRequired
            The athlete has no subscription.

        See https://developers.strava.com/docs/reference/#api-Activities-getZonesByActivityId
        """
        rows = await self.protocol.get("/activities/{id}/zones", id=activity_id)
        return self._build_list(model.ActivityZone, rows)
