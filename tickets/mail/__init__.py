"""E-mail without a database: read what came however broken it is, write what goes."""
