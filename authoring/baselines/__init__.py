"""How far simple methods come on the texts of the course: the numbers in data/baselines.json and in data/README.md."""
