"""What every room stands on: frozen values, and problems as values."""
