"""The entrance of outside firms: a start page with the modules that their firm was given, and those modules."""
