"""Connecting athletes: logins for scripts and web apps, and many athletes at once.

See https://developers.strava.com/docs/authentication/
"""

from __future__ import annotations

from stravalib._oauth.app import App, ConnectedAthlete
from stravalib._oauth.flow import LoginFinish, LoginStart, OAuthFlow
from stravalib._oauth.login import login, logout

__all__ = [
    "App",
    "ConnectedAthlete",
    "LoginFinish",
    "LoginStart",
    "OAuthFlow",
    "login",
    "logout",
]

for _public in (
    App,
    ConnectedAthlete,
    LoginFinish,
    LoginStart,
    OAuthFlow,
    login,
    logout,
):
    _public.__module__ = __name__
del _public
