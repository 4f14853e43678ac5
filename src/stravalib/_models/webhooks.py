"""Webhook subscriptions and events. See https://developers.strava.com/docs/webhooks/."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from stravalib._models.base import Entity
from stravalib._models.doors import behind
from stravalib._models.rules import TABLE, String, Whole
from stravalib._models.times import EpochTime, Moment


class Subscription(Entity):
    """A webhook subscription; an application has at most one."""

    OBJECT_TYPE_ACTIVITY: ClassVar[str] = "activity"
    ASPECT_TYPE_CREATE: ClassVar[str] = "create"
    VERIFY_TOKEN_DEFAULT: ClassVar[str] = "STRAVA"

    _shown = ("id", "callback_url")

    application_id: Whole | None = None
    aspect_type: String | None = None
    """Obsolete."""
    callback_url: String | None = None
    created_at: Moment | None = None
    id: Whole | None = None
    object_type: String | None = None
    """Obsolete."""
    updated_at: Moment | None = None
    resource_state: Whole | None = None


class SubscriptionCallback(Entity):
    """What Strava asks of a callback address before it subscribes it."""

    model_config = ConfigDict(populate_by_name=True)
    _shown = ("hub_mode",)
    _aliased: ClassVar[bool] = True

    hub_mode: String | None = Field(default=None, alias="hub.mode")
    hub_verify_token: String | None = Field(default=None, alias="hub.verify_token")
    hub_challenge: String | None = Field(default=None, alias="hub.challenge")

    def validate_token(
        self, verify_token: str = Subscription.VERIFY_TOKEN_DEFAULT
    ) -> None:
        """Check that the request carries the token that the subscription was made with.

        Raises
        ------
        stravalib.exc.InvalidVerifyToken
            Another token; it is an ``AssertionError`` too, as in 2.6.
        """
        from hmac import compare_digest

        sent = (self.hub_verify_token or "").encode()
        if not compare_digest(sent, verify_token.encode()):
            from stravalib.exc import InvalidVerifyToken

            raise InvalidVerifyToken(
                "The request's hub.verify_token is not the one of this subscription; "
                "do not answer it. Check the verify_token given to "
                "create_subscription()."
            )


class SubscriptionUpdate(Entity):
    """An event that Strava posts to a callback address."""

    _shown = ("object_type", "object_id", "aspect_type", "owner_id")

    aspect_type: String | None = None
    """"create", "update" or "delete"."""
    event_time: EpochTime | None = None
    object_id: Whole | None = None
    object_type: String | None = None
    """"activity" or "athlete"."""
    owner_id: Whole | None = None
    """The athlete."""
    subscription_id: Whole | None = None
    updates: Annotated[dict[str, Any], TABLE] | None = None
    """What changed; ``private`` and ``authorized`` are texts, not booleans."""


behind("stravalib.model", Subscription, SubscriptionCallback, SubscriptionUpdate)
