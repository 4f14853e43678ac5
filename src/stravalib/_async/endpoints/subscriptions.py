"""Webhooks: https://developers.strava.com/docs/webhooks/."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from stravalib import model
from stravalib._async import _compat
from stravalib._async.endpoints.base import AsyncEndpoints

if TYPE_CHECKING:
    from stravalib._async.paging import AsyncBatchedResultsIterator


class AsyncSubscriptionsEndpoints(AsyncEndpoints):
    """Calls on the application's webhook subscription."""

    async def create_subscription(
        self,
        client_id: int,
        client_secret: str,
        callback_url: str,
        verify_token: str = "STRAVA",
    ) -> model.Subscription:
        """Subscribe to events of all athletes who authorised the application.

        One request, during which Strava calls ``callback_url`` and expects an answer
        within 2 seconds (see `handle_subscription_callback`).

        Parameters
        ----------
        client_id, client_secret
            The application's credentials.
        callback_url
            At most 255 characters; keep it secret, events are not signed.
        verify_token
            A text of your own that Strava sends back in the handshake.

        Raises
        ------
        BadRequest
            A subscription exists, or the callback did not answer as it should.

        See https://developers.strava.com/docs/webhooks/
        """
        raw = await self.protocol.post(
            "/push_subscriptions",
            data={
                "client_id": client_id,
                "client_secret": client_secret,
                "callback_url": callback_url,
                "verify_token": verify_token,
            },
        )
        return self._build(model.Subscription, raw)

    def list_subscriptions(
        self, client_id: int, client_secret: str
    ) -> AsyncBatchedResultsIterator[model.Subscription]:
        """Return the application's subscription: none or one.

        One request. Strava wants the credentials in the address of this one call;
        they are kept out of the log.

        See https://developers.strava.com/docs/webhooks/
        """
        fetcher = functools.partial(
            self.protocol.get,
            "/push_subscriptions",
            client_id=client_id,
            client_secret=client_secret,
        )
        return self._results(model.Subscription, "subscriptions", fetcher)

    async def delete_subscription(
        self, subscription_id: int, client_id: int, client_secret: str
    ) -> None:
        """End a subscription.

        One request.

        See https://developers.strava.com/docs/webhooks/
        """
        await self.protocol.delete(
            "/push_subscriptions/{id}",
            id=subscription_id,
            data={"client_id": client_id, "client_secret": client_secret},
        )

    def handle_subscription_callback(
        self, raw: dict[str, Any], verify_token: str = "STRAVA"
    ) -> dict[str, str]:
        """Return the answer to Strava's handshake; makes no request.

        Parameters
        ----------
        raw
            The query of Strava's GET, by name; values may be lists of one, as
            ``parse_qs`` gives them.
        verify_token
            The text given to `create_subscription`.

        Raises
        ------
        InvalidVerifyToken
            The request carries another token: it is not Strava's.

        See https://developers.strava.com/docs/webhooks/
        """
        query = {
            name: value[0] if isinstance(value, list) and len(value) == 1 else value
            for name, value in raw.items()
        }
        callback = model.SubscriptionCallback.model_validate(query)
        callback.validate_token(verify_token)
        return {"hub.challenge": callback.hub_challenge or ""}

    def handle_subscription_update(
        self, raw: dict[str, Any]
    ) -> model.SubscriptionUpdate:
        """Return an event that Strava posted; makes no request.

        Parameters
        ----------
        raw
            The decoded JSON body of Strava's POST.

        See https://developers.strava.com/docs/webhooks/
        """
        from stravalib._models.build import build

        return build(model.SubscriptionUpdate, raw, _compat.bind(self))
