"""A stand-in for the telephone carrier: strict about what it is asked, stateful, and as unreliable as a test wants."""
