"""Training, comparison and measurement: they return data; every picture of it is drawn in renders."""
