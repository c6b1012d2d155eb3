"""The command line: wrong use, exit codes and the one sentence that every fault gets."""
