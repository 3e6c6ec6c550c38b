"""Pages that belong to no single feature: home, method, privacy, accessibility."""
