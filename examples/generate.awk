# What the makers of the examples' data share. The same numbers come with every awk: seeds times 16807 are
# whole numbers that a double holds.

# A number from 0 to 1, without 1.
function random() {
  seed = (seed * 16807) % 2147483647
  return (seed - 1) / 2147483646
}

# A whole number from 0 to n - 1.
function pick(n) { return int(random() * n) }

# A number around 0, mostly between -2 and 2.
function normal(  sum, i) {
  sum = -6
  for (i = 0; i < 12; i++) sum += random()
  return sum
}

# `number` with two digits behind the point.
function cents(number) { return sprintf("%.2f", number) }

# The moment so many seconds after the beginning of 1970, as files write it.
function instant(second,  days, rest, era, day, year, month, shifted) {
  second = int(second)
  days = int(second / 86400)
  rest = second - days * 86400
  # Years begin in March, so that the leap day comes last; an era is 400 of them.
  shifted = days + 719468
  era = int(shifted / 146097)
  day = shifted - era * 146097
  year = int((day - int(day / 1460) + int(day / 36524) - int(day / 146096)) / 365)
  day -= 365 * year + int(year / 4) - int(year / 100)
  month = int((5 * day + 2) / 153)
  day -= int((153 * month + 2) / 5) - 1
  year += era * 400 + (month >= 10)
  month += month < 10 ? 3 : -9
  return sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day,
    int(rest / 3600), int(rest / 60) % 60, rest % 60)
}
