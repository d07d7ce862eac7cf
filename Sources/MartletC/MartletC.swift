// The C interface for embedding.
