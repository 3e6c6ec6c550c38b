"""After sending, by the code alone: correct, withdraw, erase, be told, take away what was said."""
