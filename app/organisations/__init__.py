"""Territorial actors: in what capacity people and organisations speak."""
