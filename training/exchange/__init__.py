"""What other tools bring and take: models of other trainers, networks for other runtimes, data sets; above `learn`."""
