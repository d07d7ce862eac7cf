// Keys, tiles, reads and writes over a key-value port; RocksDB behind it.
