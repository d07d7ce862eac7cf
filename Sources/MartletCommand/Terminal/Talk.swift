import MartletDiagnostics
import MartletOffline
import Synchronization

/// Standard error: what the program says to the person who waits, never the answer itself.
///
/// Lines from several threads stay whole, and a progress line at the cursor makes way for them.
/// When talk cannot be written nobody is left to be told, so those errors end here.
final class Talk: Sendable {
  let paint: Paint
  let progressStyle: ProgressStyle
  private let descriptor: Descriptor
  /// The progress line that stands at the cursor; guarded, like the descriptor, by the lock.
  private let painted = Mutex<String>("")

  init(to descriptor: Descriptor, paint: Paint = .plain, progress: ProgressStyle = .silent) {
    self.descriptor = descriptor
    self.paint = paint
    progressStyle = progress
  }

  /// Writes a line.
  func say(_ line: String) {
    painted.withLock { painted in
      write("\(painted.isEmpty ? "" : Self.clearLine)\(line)\n\(painted)")
    }
  }

  /// Does what a progress meter asks for.
  func show(_ effect: ProgressMeter.Effect) {
    switch effect {
    case .nothing:
      break
    case .line(let line):
      say(line)
    case .paint(let line):
      painted.withLock { painted in
        write(Self.clearLine + line)
        painted = line
      }
    case .clear:
      painted.withLock { painted in
        write(Self.clearLine)
        painted = ""
      }
    }
  }

  private static let clearLine = "\r\u{1B}[K"

  private func write(_ text: String) {
    try? descriptor.write(text.utf8Span.span.bytes)  // nobody is left to be told
  }
}
