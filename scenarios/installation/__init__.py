"""The installation that a scenario is played against, and who can sign in there."""
