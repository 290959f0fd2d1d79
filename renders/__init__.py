"""Everything that people look at. Drawing a frame imports `envs` alone; the rest may import every folder below."""
