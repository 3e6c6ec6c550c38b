"""The common draft of an organisation, from its first words to the signature."""
