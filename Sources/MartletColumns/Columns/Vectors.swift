/// Vectors of one width side by side, as embeddings are.
///
/// Invariants:
/// - `floats` holds `count * width` numbers; a null's are zero.
public struct Vectors: Sendable {
  /// The numbers of each vector.
  public let width: Int

  /// The number of vectors.
  public let count: Int

  /// The numbers of all vectors, one vector after the other.
  public let floats: Buffer<Float>

  /// `count` vectors of `width` numbers each.
  public init(width: Int, count: Int, floats: Buffer<Float>) {
    precondition(width > 0 && floats.count == count * width, "\(floats.count) floats")
    self.width = width
    self.count = count
    self.floats = floats
  }

  /// The numbers of vector `index`, sharing their memory.
  public subscript(index: Int) -> Buffer<Float> {
    floats.slice(index * width..<(index + 1) * width)
  }

  /// The vectors in `range`, sharing this memory.
  public func slice(_ range: Range<Int>) -> Vectors {
    Vectors(
      width: width, count: range.count,
      floats: floats.slice(range.lowerBound * width..<range.upperBound * width))
  }
}
