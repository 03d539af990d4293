"""The verbs of the house, told without Flask and without any provider's name."""
