"""Call flows: what a caller hears and may press before somebody answers. No database in here."""
