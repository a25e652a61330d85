"""Pictures and pages: the graph of a workflow, and what an execution of it did."""
