import MartletColumns

// The loops over rows. Each is a plain one over pointers; a null's slot is worked out like any other
// and emptied afterwards, which costs less than asking in every row.

@inline(__always)
func mapped<A, R>(_ a: Lane<A>, _ count: Int, _ body: (A) -> R) -> Buffer<R> {
  var result = BufferBuilder<R>()
  result.append(upTo: count) { room in
    a.withValues { a, step in
      for row in 0..<count { room[row] = body(a[row &* step]) }
    }
    return count
  }
  return result.finish()
}

@inline(__always)
func mapped<A, B, R>(
  _ a: Lane<A>, _ b: Lane<B>, _ count: Int, _ body: (A, B) -> R
) -> Buffer<R> {
  var result = BufferBuilder<R>()
  result.append(upTo: count) { room in
    a.withValues { a, aStep in
      b.withValues { b, bStep in
        for row in 0..<count { room[row] = body(a[row &* aStep], b[row &* bStep]) }
      }
    }
    return count
  }
  return result.finish()
}

/// What came of each row, and the rows in which nothing did.
struct Attempt<R: BitwiseCopyable> {
  var values: Buffer<R>

  /// The rows that have a value; `nil` when all have.
  var succeeded: Bitmap?
}

@inline(__always)
func attempted<A, B, R>(
  _ a: Lane<A>, _ b: Lane<B>, _ count: Int, zero: R, _ body: (A, B) -> R?
) -> Attempt<R> {
  var bits = BitmapBuilder(capacity: count)
  var result = BufferBuilder<R>()
  result.append(upTo: count) { room in
    a.withValues { a, aStep in
      b.withValues { b, bStep in
        for row in 0..<count {
          let value = body(a[row &* aStep], b[row &* bStep])
          room[row] = value ?? zero
          bits.append(value != nil)
        }
      }
    }
    return count
  }
  return Attempt(values: result.finish(), succeeded: bits.finishAsValidity())
}

@inline(__always)
func attempted<A, R>(
  _ a: Lane<A>, _ count: Int, zero: R, _ body: (A) -> R?
) -> Attempt<R> {
  attempted(a, a, count, zero: zero) { value, _ in body(value) }
}
