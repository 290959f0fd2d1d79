"""What coaches teach: fifteen rules, one per file, with their free numbers; imports `base`."""
