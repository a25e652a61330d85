"""Whole stacks, each after a sample of AWS's."""
