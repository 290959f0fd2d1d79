"""Who decides for the runner: coaching rules, learned policies, and how they play."""
