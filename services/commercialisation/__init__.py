"""Technology offers and needs, their matches, and the deals they lead to, under agreements in force."""
