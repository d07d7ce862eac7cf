// swift-format-ignore-file: AlwaysUseLowerCamelCase
public import CMartlet
import Glibc
import MartletColumns
import MartletServing

// The C interface for embedding: what `martlet.h` declares, by its names. The compiler compares both.

/// Where a call writes a text for its caller.
public typealias TextPlace = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

@c @implementation
public func martlet_open(
  _ folder: UnsafePointer<CChar>?, _ store: UnsafePointer<CChar>?, _ error: TextPlace?
) -> OpaquePointer? {
  guard let folder else {
    error?.pointee = copied("opening a project: the folder is NULL")
    return nil
  }
  do throws(EmbeddingError) {
    let project = try EmbeddedProject(
      String(cString: folder), store: store.map { String(cString: $0) })
    return OpaquePointer(Unmanaged.passRetained(project).toOpaque())
  } catch let failure {
    error?.pointee = copied(failure.description)
    return nil
  }
}

@c @implementation
public func martlet_close(_ project: OpaquePointer?) {
  guard let project else { return }
  Unmanaged<EmbeddedProject>.fromOpaque(UnsafeRawPointer(project)).release()
}

@c @implementation
public func martlet_update(_ project: OpaquePointer?, _ error: TextPlace?) -> Int32 {
  guard let project else {
    error?.pointee = copied("updating a project: it is NULL")
    return Refusal.misuse
  }
  do throws(EmbeddingError) {
    try project.opened.update()
    return MARTLET_OK
  } catch let failure {
    error?.pointee = copied(failure.description)
    return Refusal.failure
  }
}

@c @implementation
public func martlet_get_json(
  _ project: OpaquePointer?, _ question: UnsafePointer<CChar>?, _ length: Int,
  _ answer: TextPlace?, _ answerLength: UnsafeMutablePointer<Int>?
) -> Int32 {
  guard let project, let question, length >= 0 else {
    answer?.pointee = copied(Refusal.missing("the project or the question is NULL"))
    return Refusal.misuse
  }
  let found = project.opened.questions.get(UnsafeRawBufferPointer(start: question, count: length))
  answer?.pointee = copied(found.body)
  answerLength?.pointee = found.body.count
  return Int32(found.status)
}

@c @implementation
public func martlet_get(
  _ project: OpaquePointer?, _ service: UnsafePointer<CChar>?, _ at: UnsafePointer<Int64>?,
  _ askedSchema: UnsafePointer<ArrowSchema>?, _ asked: UnsafePointer<ArrowArray>?,
  _ answerSchema: UnsafeMutablePointer<ArrowSchema>?,
  _ answer: UnsafeMutablePointer<ArrowArray>?, _ error: TextPlace?
) -> Int32 {
  guard let project, let service, let askedSchema, let asked, let answer else {
    error?.pointee = copied(
      Refusal.missing("the project, the service, what is asked or the answer is NULL"))
    return Refusal.misuse
  }
  let columns: [(name: String, column: Column)]
  do throws(ArrowError) {
    columns = try ArrowReader.columns(of: asked, askedSchema)
  } catch let failure {
    error?.pointee = copied(Refusal.missing(failure.description))
    return Refusal.unacceptable
  }
  do throws(InProcess.Answer) {
    let found = try project.opened.questions.get(
      String(cString: service), columns, rowCount: Int(asked.pointee.length),
      at: at.map { Instant(microseconds: $0.pointee) })
    answer.initialize(to: ArrowWriter.array(of: found, rowCount: Int(asked.pointee.length)))
    answerSchema?.initialize(to: ArrowWriter.schema(of: found))
    return MARTLET_OK
  } catch let problem {
    error?.pointee = copied(problem.body)
    return Int32(problem.status)
  }
}

@c @implementation
public func martlet_catalog(_ project: OpaquePointer?) -> UnsafeMutablePointer<CChar>? {
  guard let project else { return nil }
  return copied(project.opened.questions.catalog.body)
}

@c @implementation
public func martlet_free(_ text: UnsafeMutablePointer<CChar>?) { free(text) }

extension OpaquePointer {
  /// The project that the caller holds.
  fileprivate var opened: EmbeddedProject {
    Unmanaged<EmbeddedProject>.fromOpaque(UnsafeRawPointer(self)).takeUnretainedValue()
  }
}

/// What a call says that cannot be what its caller meant.
private enum Refusal {
  /// A pointer that has to be there is not.
  static let misuse: Int32 = 400
  static let unacceptable: Int32 = 422
  static let failure: Int32 = 500

  /// A problem in the form of all others.
  static func missing(_ detail: String) -> String {
    InProcess.Answer(refusing: detail).text
  }
}
