"""The account page: password, e-mail, sessions, the end of it all."""
