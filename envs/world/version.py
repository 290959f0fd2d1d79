"""The version of the world: results from another version are not comparable.

Raise it by hand with every change that makes any cross play out or measure differently; the golden runs
(`tests/test_golden.py`) reject changed bits without a new version, and a new version without changed bits. Renaming,
moving and commenting code changes neither.
"""

WORLD_VERSION = 3
