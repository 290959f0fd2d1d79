"""The interface between a record and its user: options, observation, action, reward, outcome.

Imports `dynamics` and below.
"""
