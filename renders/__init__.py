"""Everything that people look at. Drawing a frame imports only `envs`; the rest may import every folder below."""
