"""People who sign in. Roles, sessions and tokens join it with filing and review."""
