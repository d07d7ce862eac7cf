/// The version of this program; this is the one place that says it.
let martletVersion = "0.1.0"
