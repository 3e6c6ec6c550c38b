"""From vectors to themes: neighbour graph, spectral coordinates, partition, number of themes."""

from nlp.clustering.graph import neighbour_graph
from nlp.clustering.themes import Partition, ThemeClusterer

__all__ = ["Partition", "ThemeClusterer", "neighbour_graph"]
