"""JSON and YAML as their authors wrote them, with the place of every value."""
