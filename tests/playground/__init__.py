"""The talk in the emulator of Teams, to try by hand and to look at; no part of the tests that run by themselves."""
