"""The local stand-in for X: an OAuth 1.0a provider judged by oauthlib, for sign-in without keys or network."""
