"""Seeded faults: each is one wrong line, and the tests that promise that it cannot be there.

`make mutants` puts them one by one into a copy of the sources and looks whether those tests notice. Recordings of what
the world did (golden runs) would notice most of them too, but they are written anew whenever the world changes; so a
fault counts as killed only if a test that states a law fails.
"""
