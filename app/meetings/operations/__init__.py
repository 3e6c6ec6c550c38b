"""What is done with meetings: prepared, invited to, attended, written down, validated, settled."""
