"""The simulated world compared with published football data; imports `bench`."""
