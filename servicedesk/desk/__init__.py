"""The whole desk under one command: engines, pages and sockets, worker and scheduler."""
