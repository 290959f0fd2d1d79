"""Learning and measuring: a folder for each kind of work. Imports `agents` and `envs`, never `renders`."""
