"""Technology offers and needs, their matches, and the deals that come of them, under agreements in force."""
