"""Where Moi lives: everything with a clock, a network or a disk."""
