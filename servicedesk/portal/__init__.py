"""Self-service: the same nouns seen by their customer, in other words and under other rules."""
