"""Getting access: the authorization page, the redirect, and many athletes."""
