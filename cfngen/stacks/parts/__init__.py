"""The parts of a stack."""
