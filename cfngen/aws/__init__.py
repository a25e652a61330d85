"""Calls to AWS, or to the emulator in its place: clients, errors, deployed machines, executions."""
