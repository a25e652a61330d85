"""What a command works on: targets, machines in files, and what is asked of them."""
