"""What the machine proposes, each with its reason and its evidence, to be accepted or refused."""
