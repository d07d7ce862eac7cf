// The slowest honest version of what the product does cleverly.
