"""What coaches teach: fifteen rules, one a file, with their free numbers; imports `base`."""
