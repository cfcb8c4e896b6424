"""Questions and their answers: versioned forms, one source for page and server."""
