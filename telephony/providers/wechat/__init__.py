"""WeChat official accounts: what their platform sends is read here, what it is asked is written here."""
