/// How a Parquet file is written.
///
/// The bytes of a file are a pure function of its rows and these options: how the rows came in
/// batches, and how many threads encoded them, makes no difference.
public struct WritingOptions: Sendable {
  /// How pages are compressed.
  public var compression = Compression.zstd()

  /// The share of its bytes that the codec must save of a chunk's dictionary and first page; a chunk of several
  /// pages of which it saves less is stored as it is. Digits that nothing foretells take as long to pack as any others,
  /// and to hash and to read they are hardly more when they are not packed.
  public var leastSaving = 0.0

  /// The `leastSaving` of segments and training sets. Doubles that are evenly spread, of which zstd saves an
  /// eighth, are stored as they are.
  public static let leastSavingOfValues = 0.15

  /// The rows of a row group, but for the last one. A reader holds a row group's pages of a column
  /// at a time, and a dictionary is shared by one.
  public var rowsPerGroup = 1 << 19

  /// The most bytes of a row group's values, so that long texts make it shorter.
  public var mostBytesPerGroup = 256 << 20

  /// The most rows of a page. The page index tells pages apart, a page is read whole, and one that
  /// fits the nearer caches is compressed a third faster than one of 64 Ki rows.
  public var mostRowsPerPage = 20_000

  /// About how many bytes of plain values a page holds at most.
  public var bytesPerPage = 1 << 20

  /// The columns that the rows are sorted by. The caller knows; it is written down, not checked.
  public var sortedBy: [SortedBy] = []

  /// The columns that get a bloom filter.
  public var filteredColumns: Set<String> = []

  /// The columns that are stored as another file stores them, by name: what a reader of stored values
  /// hands on. The batches hold them as they are carried.
  public var stored: [String: StoredColumn] = [:]

  /// Notes in the footer, by key.
  public var notes: [(key: String, value: String)] = []

  /// What is usual.
  public init() {}

  /// A column that rows are sorted by.
  public struct SortedBy: Hashable, Sendable {
    /// Which way.
    public enum Direction: Hashable, Sendable { case ascending, descending }

    /// The column's name.
    public var column: String

    /// Which way.
    public var direction: Direction

    /// Whether nulls come before all values or after.
    public var nulls: Nulls

    /// Where nulls stand.
    public enum Nulls: Hashable, Sendable { case first, last }

    /// Sorted by `column`.
    public init(_ column: String, _ direction: Direction = .ascending, nulls: Nulls = .first) {
      self.column = column
      self.direction = direction
      self.nulls = nulls
    }
  }
}
