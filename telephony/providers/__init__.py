"""The carriers: one folder each, all with the face of `base`, none knowing another."""
