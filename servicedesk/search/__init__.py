"""One box for tickets, messages, customers and articles, with filters written in words."""
