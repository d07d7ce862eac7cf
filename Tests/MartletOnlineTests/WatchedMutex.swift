#if MARTLET_SANITIZE
  @testable import MartletOnline

  /// The one that the thread sanitizer knows, in the tests as in what they try.
  typealias Mutex = MartletOnline.Mutex
#endif
