"""Lists what a scenario can say: steps with their fields, and what can be expected of them."""
