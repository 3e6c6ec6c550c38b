"""The codebook of a review and its coded passages: as a page, as files, and back from files."""
