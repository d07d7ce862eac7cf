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
public func martlet_prepare(
  _ project: OpaquePointer?, _ service: UnsafePointer<CChar>?, _ error: TextPlace?
) -> OpaquePointer? {
  guard let project, let service else {
    error?.pointee = copied(Refusal.missing("the project or the service is NULL"))
    return nil
  }
  do throws(InProcess.Answer) {
    let lookup = LookupHandle(try project.opened.prepare(String(cString: service)))
    return OpaquePointer(Unmanaged.passRetained(lookup).toOpaque())
  } catch let problem {
    error?.pointee = copied(problem.body)
    return nil
  }
}

@c @implementation
public func martlet_release(_ lookup: OpaquePointer?) {
  guard let lookup else { return }
  Unmanaged<LookupHandle>.fromOpaque(UnsafeRawPointer(lookup)).release()
}

@c @implementation
public func martlet_keys(
  _ lookup: OpaquePointer?, _ count: UnsafeMutablePointer<Int>?
) -> UnsafePointer<martlet_field>? { listed(lookup, count) { $0.keys } }

@c @implementation
public func martlet_given(
  _ lookup: OpaquePointer?, _ count: UnsafeMutablePointer<Int>?
) -> UnsafePointer<martlet_field>? { listed(lookup, count) { $0.given } }

@c @implementation
public func martlet_features(
  _ lookup: OpaquePointer?, _ count: UnsafeMutablePointer<Int>?
) -> UnsafePointer<martlet_field>? { listed(lookup, count) { $0.features } }

private func listed(
  _ lookup: OpaquePointer?, _ count: UnsafeMutablePointer<Int>?,
  _ list: (LookupHandle) -> FieldList
) -> UnsafePointer<martlet_field>? {
  let fields = lookup.map { list($0.prepared) }
  count?.pointee = fields?.count ?? 0
  return fields.map { UnsafePointer($0.fields) }
}

@c @implementation
public func martlet_ask(
  _ lookup: OpaquePointer?, _ at: UnsafePointer<Int64>?, _ keys: UnsafePointer<martlet_value>?,
  _ given: UnsafePointer<martlet_value>?, _ values: UnsafeMutablePointer<martlet_value>?,
  _ room: UnsafeMutablePointer<CChar>?, _ roomSize: Int, _ error: TextPlace?
) -> Int32 {
  guard let lookup, let keys, let values, roomSize >= 0 else {
    error?.pointee = copied(Refusal.missing("the lookup, the keys or the values are NULL"))
    return Refusal.misuse
  }
  // The lookup is its caller's meanwhile: counting a reference to it would take longer than most of the rest.
  let handle = Unmanaged<LookupHandle>.fromOpaque(UnsafeRawPointer(lookup))
  return handle._withUnsafeGuaranteedRef { lookup in
    do throws(InProcess.Answer) {
      let texts = UnsafeMutableRawBufferPointer(start: room, count: room == nil ? 0 : roomSize)
      let size = try lookup.ask(
        keys: keys, given: given, at: at.map { Instant(microseconds: $0.pointee) }, into: values,
        texts: texts)
      if size <= texts.count { return MARTLET_OK }
      error?.pointee = copied(
        Refusal.missing("the texts take \(size) bytes, and there is room for \(texts.count)"))
      return Refusal.tooSmall
    } catch let problem {
      error?.pointee = copied(problem.body)
      return Int32(problem.status)
    }
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

  /// The lookup that the caller holds.
  fileprivate var prepared: LookupHandle {
    Unmanaged<LookupHandle>.fromOpaque(UnsafeRawPointer(self)).takeUnretainedValue()
  }
}

/// What a call says that cannot be what its caller meant.
private enum Refusal {
  /// A pointer that has to be there is not.
  static let misuse: Int32 = 400
  static let unacceptable: Int32 = 422

  /// There is not room enough.
  static let tooSmall: Int32 = 413
  static let failure: Int32 = 500

  /// A problem in the form of all others.
  static func missing(_ detail: String) -> String {
    InProcess.Answer(refusing: detail).text
  }
}
