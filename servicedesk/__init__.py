"""The roof: settings, the live socket, the console, the portal, the board and the one command."""
