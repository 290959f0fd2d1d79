"""Whoever may decide for the runner; the registry knows them by name. Imports the folders below and `envs`."""
