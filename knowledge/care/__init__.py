"""Care for the content: what may not go out, what gets old, what nobody reaches, and what is hard to read.

Nothing in here stops a running Moi; only what keeps the knowledge from loading does (`knowledge.loading`).
"""
