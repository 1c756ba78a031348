"""How it looks: one view becomes an Adaptive Card for Teams and the web, or plain text."""
