"""The server that plays the twins on loopback, with the facts that it serves."""
