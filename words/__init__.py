"""The catalogues of locale/: made from the texts in the code, for those who translate. Not part of the server."""
