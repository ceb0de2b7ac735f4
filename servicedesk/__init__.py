"""The roof: settings, the live socket, the console, the portal, the supervisors' room and the desk's one command."""
