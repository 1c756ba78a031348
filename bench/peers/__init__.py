"""The servers that Moi is measured beside. Each is a program of its own: `python -m bench.peers.<name> PORT`."""
