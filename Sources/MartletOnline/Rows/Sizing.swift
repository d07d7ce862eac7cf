/// How many rows lie together. What is answered depends on none of it.
struct Sizing: Sendable {
  /// Rows of a page.
  ///
  /// A window reads a page of rows at its start, which takes a few nanoseconds for each row and
  /// measure, and one state for each page between, which takes some tens for each measure: of a
  /// thousand rows, sixteen pages.
  var rowsOfPage = 64

  /// Rows of a chapter, where there are more than twice as many.
  ///
  /// A window reads a chapter at its start, some hundred kilobytes from the cache, and one state for
  /// each chapter between: of a million rows, five hundred. A push into an entity that has chapters
  /// rewrites one of them every so often.
  var rowsOfChapter = 2_048

  /// How many times rows are appended to an entity before they are put in their places.
  ///
  /// What is appended is read row by row for every answer.
  var mostAppends = 48
}
