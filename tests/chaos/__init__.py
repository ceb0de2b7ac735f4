"""The contact centre under fire, for as long as one likes. Run it by `make chaos`."""
