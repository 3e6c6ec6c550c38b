"""People who sign in: accounts, roles with their scopes, and the sign-in itself."""
