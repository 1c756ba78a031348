"""How fast Moi is, always beside something that others know. Never a test: what counts is the ratio, in one run."""
