@testable import MartletCommand

/// A small program whose commands have flags and operands of every sort.
enum Tea {
  static let cups = Flag.value("cups", short: "c", .int, default: 1, "How many cups.")
  static let milk = Flag.optional("milk", .text("KIND"), "Which milk.")
  static let sugar = Flag.repeated("sugar", .text("LUMP"), "A lump of sugar.")
  static let hot = Flag.switch("hot", short: "H", "Heat it.")
  static let into = Operand.rest(.path("CUP"), "Where it goes.")
  static let soap = Flag.required("soap", .int(in: 1...9), "How much soap, in drops.")
  static let cup = Operand.required(.path("CUP"), "Which cup.")
  static let towel = Operand.optional(.text("TOWEL"), "What dries it.")

  static let command = Command(
    "tea", "Make tea.",
    commands: [
      Command(
        "pour", "Pour tea into cups.",
        about: """
          Tea is poured into each cup in turn, from the left to the right, until nothing is left \
          in the pot or nobody is left at the table.

          A cup that is full stays full.
          """,
        operands: [into], flags: [cups, milk, sugar, hot],
        examples: [
          Example("tea pour --cups 2 red.cup blue.cup", "Two cups, one for each of us."),
          Example("tea pour --hot"),
        ]
      ) { _ in .done },
      Command(
        "cup", "Look after cups.",
        commands: [
          Command(
            "wash", "Wash a cup.", operands: [cup, towel], flags: [soap],
            examples: [Example("tea cup wash --soap 3 red.cup")]
          ) { _ in .done }
        ]),
      Command("spill", "Spill it.", examples: [], visibility: .hidden) { _ in .no },
    ])
}
