"""Pictures of graphs and of training. Reads the graph API; the engine never imports this."""
