// Text to checked definitions, and the formatter.
