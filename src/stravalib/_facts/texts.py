"""Texts that Strava sends, to the letter."""

from __future__ import annotations

UPLOAD_PROCESSING = "Your activity is still being processed."
UPLOAD_READY = "Your activity is ready."
UPLOAD_ERROR = "There was an error processing your activity."
UPLOAD_DELETED = "The created activity has been deleted."

UPLOAD_NO_TIME = "Time information is missing from file."
UPLOAD_MALFORMED = "Improperly formatted data."

MESSAGE_BAD_REQUEST = "Bad Request"
MESSAGE_UNAUTHORIZED = "Authorization Error"
MESSAGE_PAYMENT = "Payment Required"
MESSAGE_FORBIDDEN = "Forbidden"
MESSAGE_NOT_FOUND = "Record Not Found"
MESSAGE_RATE_LIMIT = "Rate Limit Exceeded"
MESSAGE_TOO_MANY = "Too Many Requests"
MESSAGE_CAPACITY = "Limit of connected athletes exceeded"

# Named fields: file, id, name (HTML-escaped).
UPLOAD_DUPLICATE = (
    "{file} duplicate of <a href='/activities/{id}' target='_blank'>{name}</a>"
)
UPLOAD_DUPLICATE_PLAIN = "{file} duplicate of activity {id}"

# Codes on the field "callback url" of a push subscription.
CALLBACK_NOT_VERIFIABLE = "not verifiable"
CALLBACK_NOT_200 = "GET to callback URL does not return 200"

# What 2.6 tells the user, and tests of users match on.
INACTIVE_APPLICATION_MESSAGE = (
    "Your Strava API application is inactive, so Strava refuses every request. The "
    "account that owns the application needs an active Strava subscription. Log in "
    "with that account, subscribe, then reactivate the application at "
    "https://www.strava.com/settings/api. See "
    "https://support.strava.com/en-us/articles/15401526-strava-api-and-mcp-faq for "
    "details."
)
