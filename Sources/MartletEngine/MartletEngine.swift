// Vectorised scans, expressions, clustering, point-in-time joins, windows.
