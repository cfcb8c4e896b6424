"""Pure facts of activity records."""

# The two kinds between which judging moves an essay; their names are data.
ESSAY = "essay"
EXCELLENT_ESSAY = "essay_excellent"
ESSAYS = (ESSAY, EXCELLENT_ESSAY)
