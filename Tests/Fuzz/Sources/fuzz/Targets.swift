/// What is fuzzed, each a function of bytes that must neither trap nor hang nor break its promises.
let targets: [String: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32] = [
  "http": { bytes, count in
    fuzzHTTP(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  },
  "language": { bytes, count in
    fuzzLanguage(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  },
  "question": { bytes, count in
    fuzzQuestion(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  },
  "parquet-file": { bytes, count in
    fuzzParquetFile(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  },
  "parquet-footer": { bytes, count in
    fuzzParquetFooter(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  },
  "parquet-pages": { bytes, count in
    fuzzParquetPages(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  },
]
