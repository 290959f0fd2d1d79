"""The results table, model cards and the data behind them; imports `learn` and `bench`."""
