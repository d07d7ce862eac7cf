/// Sums, averages and variances by the definition, in fractions.
public enum Numbers {
  /// The sum; `nil` of no numbers.
  public static func sum(_ numbers: [Double]) -> Double? {
    guard !numbers.isEmpty else { return nil }
    return special(numbers) ?? total(numbers).nearestDouble
  }

  /// The average; `nil` of no numbers.
  public static func average(_ numbers: [Double]) -> Double? {
    guard !numbers.isEmpty else { return nil }
    let total = special(numbers) == nil ? total(numbers) : Fraction(0)
    return special(numbers)
      ?? Fraction(total.numerator, over: total.denominator * BigInteger(numbers.count))
      .nearestDouble
  }

  /// The variance of a sample; `nil` of fewer than two numbers.
  public static func variance(_ numbers: [Double]) -> Double? {
    guard numbers.count > 1 else { return nil }
    guard special(numbers) == nil else { return .nan }
    return exactVariance(numbers.map { Fraction($0).numerator }, unit: Fraction(1).numerator)
      .nearestDouble
  }

  /// Whether the true root of the variance lies between the neighbours of `root`.
  public static func isStandardDeviation(_ root: Double?, of numbers: [Double]) -> Bool {
    guard let root, numbers.count > 1 else { return root == nil && numbers.count < 2 }
    guard special(numbers) == nil else { return root.isNaN }
    let variance = exactVariance(
      numbers.map { Fraction($0).numerator }, unit: Fraction(1).numerator)
    // No root lies below zero. After the largest double comes what would have been the next.
    let low = Fraction(max(root.nextDown, 0)).numerator
    let high =
      root.nextUp.isFinite
      ? Fraction(root.nextUp).numerator : BigInteger.power(ofTwo: 1_024 + 1_126)
    let unit = Fraction(1).numerator
    let square = variance.numerator * unit * unit
    return low * low * variance.denominator <= square
      && (root.isInfinite || square <= high * high * variance.denominator)
  }

  /// The variance of a sample of integers.
  public static func variance(_ numbers: [Int64]) -> Double? {
    guard numbers.count > 1 else { return nil }
    return exactVariance(numbers.map { BigInteger($0) }, unit: BigInteger(1)).nearestDouble
  }

  /// The average of integers; `nil` of none.
  public static func average(_ numbers: [Int64]) -> Double? {
    guard !numbers.isEmpty else { return nil }
    let total = numbers.reduce(BigInteger(0)) { $0 + BigInteger($1) }
    return Fraction(total, over: BigInteger(numbers.count)).nearestDouble
  }

  /// By the definition with the mean: each number's distance from it, squared. To stay whole,
  /// everything is taken `count` times.
  private static func exactVariance(_ numbers: [BigInteger], unit: BigInteger) -> Fraction {
    let count = BigInteger(numbers.count)
    let total = numbers.reduce(BigInteger(0)) { $0 + $1 }
    let squares = numbers.reduce(BigInteger(0)) { sum, number in
      let distance = number * count - total
      return sum + distance * distance
    }
    let divisor = count * count * BigInteger(numbers.count - 1) * unit * unit
    return Fraction(squares, over: divisor)
  }

  private static func total(_ numbers: [Double]) -> Fraction {
    let sum = numbers.reduce(BigInteger(0)) { $0 + Fraction($1).numerator }
    return Fraction(sum, over: Fraction(0).denominator)
  }

  private static func special(_ numbers: [Double]) -> Double? {
    if numbers.contains(where: \.isNaN) { return .nan }
    let infinities = Set(numbers.filter(\.isInfinite))
    return infinities.count == 2 ? .nan : infinities.first
  }
}
