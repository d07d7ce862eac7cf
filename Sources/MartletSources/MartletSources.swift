// Files, databases and push logs read as typed batches; one file per kind.
