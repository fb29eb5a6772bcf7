"""The world outside: one module each. The domain never calls them; jobs do (db/outbox.py)."""
