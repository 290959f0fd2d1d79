"""The results table, model cards and what they are made of; imports `learn` and `bench`."""
