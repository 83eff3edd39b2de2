"""How each portal is read: one folder a source."""
