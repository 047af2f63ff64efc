"""Mails: what one is, and handing it to the mail server."""
