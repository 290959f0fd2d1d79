"""The command line except its verbs (grammar, running, reporting, terminal, training); it imports all of `training`.

The verbs are implemented in `cli.py`, the only module that imports this folder.
"""
