"""Real servers on loopback that stand in for what lives elsewhere."""
