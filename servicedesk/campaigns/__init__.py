"""The campaigns' room: supervisors write, fill, start and watch them."""
