import Glibc
import MartletDiagnostics
import MartletLanguage
import MartletPlan
import Testing

/// A whole plan as text. `Goldens/plan.txt` is the golden: `MARTLET_WRITE_PAGES=1` writes it anew.
struct PlanTextTests {
  @Test func `a plan reads from rows to features, and from keys to answers`() throws {
    let checked = compile(TextFiles([TextFile(path: "a.martlet", text: Self.shop)]))
    #expect(checked.findings.filter { $0.severity == .error } == [])
    let written = "\(Plan(checked.value.definitions))\n"
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    let path = "/\(folder)/Goldens/plan.txt"
    if getenv("MARTLET_WRITE_PAGES") != nil {
      let file = try #require(fopen(path, "w"))
      fputs(written, file)
      fclose(file)
    } else {
      #expect(written == text(ofFile: path))
    }
  }

  @Test
  func `names that columns are given and the order of definitions leave the rows as they are`()
    throws
  {
    let parts = Self.shop.components(apart: "\n}\n")
    let turned = parts.reversed().joined(separator: "\n}\n") + "\n}\n"
    let checked = compile(TextFiles([TextFile(path: "a.martlet", text: turned)]))
    let (one, other) = (
      Plan(compile(TextFiles([TextFile(path: "a.martlet", text: Self.shop)])).value.definitions),
      Plan(checked.value.definitions)
    )
    #expect(one != other)
    for set in one.sets { #expect(other.set(set.name).map { "\($0)" } == "\(set)") }
  }

  private func text(ofFile path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  private static let shop = """
    entity customer(customer: string) {
        owner "a@b.c"
    }
    entity country(code: string) {
        owner "a@b.c"
    }
    events orders {
        from  "orders.parquet"
        at    time
        known arrived
        id    number
        customer: string
        number: int
        amount: double
        pieces: int
        status: string
        time: time
        arrived: time
        expect amount >= 0.0 or drop
        expect pieces > 0 or warn
    }
    states files {
        from "files.parquet"
        at time
        known after 2h
        deleted when closed
        customer: string
        home: string
        closed: bool
        time: time
    }
    states lands {
        from "lands.parquet"
        at time
        code: string
        risk: double
        time: time
    }
    features spend of customer from orders {
        where status == "settled"
        let euros = amount * 0.92
        total  = sum(euros) over 1h, 24h
        number = count() over 1h
        many   = count(where pieces > 3) over 7d step 1d
        each   = approx_quantile(euros / pieces, 0.5) over all
        recent = last(number, 3) over 7d
        faded  = decayed_sum(pieces, 7d)
    }
    features file of customer from files {
        home
        abroad = home != "DE"
        keep 90d
    }
    features land of country from lands {
        risk
    }
    features rates given (basket: double) {
        let sum = spend.total_1h
        unused = sum + 1.0
        each = basket / nullif(sum, 0.0) + spend.number_1h
        odd  = each > 3.0
    }
    service risk {
        spend.number_1h
        rates.odd
        land.risk by file.home
        file.home by payee as payee_home
    }

    """
}

extension String {
  fileprivate func components(apart separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts
  }
}
