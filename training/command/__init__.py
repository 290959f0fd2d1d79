"""The command line beside its verbs: grammar, running, reporting, the terminal; imports every folder of `training`.

What each verb does stands in `cli.py`, which alone imports this folder.
"""
