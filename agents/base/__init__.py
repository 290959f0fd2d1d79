"""What every agent is made of: the protocol, its view, movement and play; imports `envs`."""
