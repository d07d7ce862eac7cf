/// A connection and its socket, as its loop holds them.
final class Peer {
  let socket: Int32
  let transport: any Transport

  /// Says which connection is meant where a socket's number has been given out again.
  let key: UInt64
  var connection: Connection

  /// What the head of the request at hand was good for.
  var admission: Admission?

  /// What the poller watches for.
  var interest = Poller.Interest.input

  init(_ socket: Int32, _ transport: any Transport, key: UInt64, _ connection: consuming Connection)
  {
    self.socket = socket
    self.transport = transport
    self.key = key
    self.connection = connection
  }
}
