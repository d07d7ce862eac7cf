// Typed columns.
