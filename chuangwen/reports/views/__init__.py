"""Pages of reports: lists and files, the writing desk, printed codes."""
