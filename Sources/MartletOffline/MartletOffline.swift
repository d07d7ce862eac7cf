// Datasets of immutable Parquet segments and their manifests.
