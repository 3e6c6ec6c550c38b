"""From vectors to themes: neighbour graph, spectral coordinates, partition, number of themes."""

from nlp.clustering.graph import neighbour_graph
from nlp.clustering.placing import Known, Placer
from nlp.clustering.themes import Partition, ThemeClusterer

__all__ = ["Known", "Partition", "Placer", "ThemeClusterer", "neighbour_graph"]
