/// How many rows lie together. What is answered depends on none of it.
struct Sizing: Sendable {
  /// Rows of a page.
  ///
  /// A window reads a page of rows at its start, which takes a few nanoseconds for each row and
  /// measure, and the states of pages or tiles between, which take some tens for each measure.
  var rowsOfPage = 64

  /// Rows of a chapter, where there are more than twice as many.
  ///
  /// A window reads a chapter at its start, of it the index and a page, and the states of chapters or
  /// tiles between. A push into an entity that has chapters
  /// rewrites one of them every so often.
  var rowsOfChapter = 2_048

  /// Entries of an index, or of a table of contents, that one tile joins; as many tiles are one larger.
  ///
  /// A window joins at most seven entries and seven small tiles at its start, and then large ones: of five
  /// hundred chapters some twenty, where each takes tens of nanoseconds for each measure. Tiles take a
  /// seventh of the room that the states of entries take.
  var entriesOfTile = 8

  /// How many times rows are appended to an entity before they are put in their places.
  ///
  /// What is appended is read row by row for every answer.
  var mostAppends = 48
}
