"""The supervisors' room: the live board and the wallboard."""
