/// What other languages call our types and functions, so that whoever writes by habit is told the
/// word instead of being asked to look for it.
enum ForeignNames {
  static let types = [
    "float": "double", "float64": "double", "float32": "double", "number": "double",
    "numeric": "double", "decimal": "double", "real": "double",
    "integer": "int", "bigint": "int", "int64": "int", "int32": "int", "long": "int",
    "smallint": "int", "text": "string", "varchar": "string", "str": "string", "char": "string",
    "boolean": "bool", "timestamp": "time", "timestamptz": "time", "datetime": "time",
    "date": "time", "blob": "bytes", "binary": "bytes", "bytea": "bytes",
    "array": "list of …",
  ]

  /// By their names in small letters: how it is written here.
  static let functions = [
    "mean": "avg(value)", "average": "avg(value)", "total": "sum(value)",
    "median": "approx_quantile(value, 0.5)", "percentile": "approx_quantile(value, 0.95)",
    "quantile": "approx_quantile(value, 0.95)",
    "percentile_cont": "approx_quantile(value, 0.95)",
    "approx_percentile": "approx_quantile(value, 0.95)",
    "std": "stddev(value)", "stddev_pop": "stddev(value)", "stddev_samp": "stddev(value)",
    "var": "variance(value)", "var_pop": "variance(value)", "var_samp": "variance(value)",
    "count_distinct": "distinct(value)", "nunique": "distinct(value)",
    "n_unique": "distinct(value)", "uniq": "distinct(value)",
    "approx_count_distinct": "approx_distinct(value)",
    "count_if": "count(where condition)", "countif": "count(where condition)",
    "sum_if": "sum(value where condition)", "sumif": "sum(value where condition)",
    "latest": "last(value)", "newest": "last(value)", "earliest": "first(value)",
    "mode": "top_k(value, 1)", "bool_or": "any(condition)", "bool_and": "all(condition)",
    "len": "length(value)", "char_length": "length(value)", "strlen": "length(value)",
    "size": "length(value)", "cardinality": "length(value)",
    "ifnull": "coalesce(value, otherwise)", "nvl": "coalesce(value, otherwise)",
    "isnull": "value is null", "if": "if condition then value else otherwise",
    "iff": "if condition then value else otherwise",
    "iif": "if condition then value else otherwise",
    "substr": "substring(text, from, length)", "ucase": "upper(text)", "lcase": "lower(text)",
    "strip": "trim(text)", "concat": "text || text", "power": "pow(value, exponent)",
    "log": "ln(value)", "ceiling": "ceil(value)", "mod": "value % by",
    "current_timestamp": "now()", "getdate": "now()", "dayofweek": "weekday(time)",
    "date_trunc": "midnight(time)", "datediff": "days_between(from, to)",
    "date_diff": "days_between(from, to)",
    "to_int": "int(value)", "to_double": "double(value)", "to_string": "string(value)",
    "float": "double(value)", "str": "string(value)", "bigint": "int(value)",
  ]
}
