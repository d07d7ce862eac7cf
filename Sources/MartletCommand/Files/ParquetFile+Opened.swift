import MartletParquet
import MartletSources

extension ParquetFile {
  /// The Parquet file at `path`, with its footer read.
  static func opened(at path: String) throws(CommandError) -> ParquetFile {
    let source: LocalFile
    do throws(SourceError) { source = try LocalFile(path) } catch { throw CommandError(error) }
    do throws(ParquetError) { return try ParquetFile(source) } catch {
      throw .failed("reading `\(path)`", "\(error)")
    }
  }
}
