import MartletAggregates
import SeededRandom
import Testing

/// Holds `aggregate` against the laws of `Aggregate`, for rows that `row` makes.
func expectLaws<A: Aggregate>(
  of aggregate: A, seed: Seed, rowCount most: Int = 40,
  sourceLocation: SourceLocation = #_sourceLocation,
  row: (inout SeededGenerator) -> A.Input
) throws {
  var random = seed.generator()
  let rows = (0..<Int.random(in: 0...most, using: &random)).map { _ in row(&random) }
  let whole = aggregate.state(of: rows)
  let bytes = aggregate.encoded(whole)
  let answer = String(describing: aggregate.value(of: whole))
  func expectWhole(_ state: A.State, _ how: Comment) {
    #expect(aggregate.encoded(state) == bytes, "\(how), \(seed)", sourceLocation: sourceLocation)
    #expect(state == whole, "\(how), \(seed)", sourceLocation: sourceLocation)
    // Printed, NaN equals NaN and the two zeros differ.
    #expect(
      String(describing: aggregate.value(of: state)) == answer, "\(how), \(seed)",
      sourceLocation: sourceLocation)
  }

  expectWhole(aggregate.state(of: rows.shuffled(using: &random)), "another order")
  let cut = Int.random(in: 0...rows.count, using: &random)
  var batch = aggregate.empty
  aggregate.add(rows.span.extracting(..<cut), to: &batch)
  aggregate.add(rows.span.extracting(cut...), to: &batch)
  expectWhole(batch, "two batches")

  // Random pieces, joined in random pairs until one is left: any split, any tree.
  var pieces = [aggregate.empty]
  for row in rows.shuffled(using: &random) {
    if Int.random(in: 0..<4, using: &random) == 0 { pieces.append(aggregate.empty) }
    let piece = Int.random(in: 0..<pieces.count, using: &random)
    aggregate.add(row, to: &pieces[piece])
  }
  while pieces.count > 1 {
    pieces.shuffle(using: &random)
    let other = pieces.removeLast()
    aggregate.merge(
      try aggregate.decoded(aggregate.encoded(other)),
      into: &pieces[Int.random(in: 0..<pieces.count, using: &random)])
  }
  expectWhole(pieces[0], "pieces")

  var joined = whole
  aggregate.merge(aggregate.empty, into: &joined)
  expectWhole(joined, "joined with nothing")
  expectWhole(try aggregate.decoded(bytes), "written and read")
  try expectSafeDecoding(of: aggregate, near: bytes, using: &random, seed: seed)
}

/// Holds `aggregate` against what removing means: as if the rows had never been.
func expectRemoval<A: RemovableAggregate>(
  of aggregate: A, seed: Seed, rowCount most: Int = 40,
  sourceLocation: SourceLocation = #_sourceLocation,
  row: (inout SeededGenerator) -> A.Input
) {
  var random = seed.generator()
  let rows = (0..<Int.random(in: 0...most, using: &random)).map { _ in row(&random) }
  let kept = Int.random(in: 0...rows.count, using: &random)
  let expected = aggregate.encoded(aggregate.state(of: rows[..<kept]))

  var oneByOne = aggregate.state(of: rows.shuffled(using: &random))
  for row in rows[kept...].shuffled(using: &random) { aggregate.remove(row, from: &oneByOne) }
  #expect(aggregate.encoded(oneByOne) == expected, "\(seed)", sourceLocation: sourceLocation)

  var atOnce = aggregate.state(of: rows)
  aggregate.subtract(aggregate.state(of: rows[kept...]), from: &atOnce)
  #expect(aggregate.encoded(atOnce) == expected, "\(seed)", sourceLocation: sourceLocation)
}

/// Bytes that are nearly a state, or nothing like one, are refused or are the one spelling of what
/// they are read as.
private func expectSafeDecoding<A: Aggregate>(
  of aggregate: A, near bytes: [UInt8], using random: inout SeededGenerator, seed: Seed
) throws {
  var attempts = [Array(bytes.dropLast()), bytes + [0], []]
  for _ in 0..<20 {
    var damaged = bytes
    damaged[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
    attempts.append(damaged)
    let noise = (0..<Int.random(in: 0..<30, using: &random)).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }
    attempts += [noise, [1] + noise, [1, 1] + noise]
  }
  for attempt in attempts {
    do throws(StateError) {
      let state = try aggregate.decoded(attempt)
      #expect(aggregate.encoded(state) == attempt, "\(seed): a second spelling")
      var sum = state
      aggregate.merge(state, into: &sum)
      _ = aggregate.value(of: sum)
    } catch { #expect(!error.part.isEmpty) }
  }
}
