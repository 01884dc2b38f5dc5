"""Sign in, register, set a password by a link: what their cards share."""
