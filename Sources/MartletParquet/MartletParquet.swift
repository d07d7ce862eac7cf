// Parquet, bytes in and bytes out.
