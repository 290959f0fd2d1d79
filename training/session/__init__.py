"""What a session plan asks the simulator; imports `bench`."""
