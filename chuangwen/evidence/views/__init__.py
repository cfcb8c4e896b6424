"""Pages, files and receipts of evidence."""
