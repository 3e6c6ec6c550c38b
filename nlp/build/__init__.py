"""Commands that make the data files of the package; never needed at run time."""
