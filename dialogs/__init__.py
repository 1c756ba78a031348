"""What is asked: pure functions that await questions. No clock, no network, no disk; imports knowledge only."""
