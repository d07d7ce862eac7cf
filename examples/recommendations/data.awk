# 120 viewers, 90 items in six categories, 40 days. A viewer likes two categories; an item's vector says its own, a
# viewer's vector, trained anew every ten days, what was liked. Views follow likings loosely, and purchases follow
# likings, prices and having looked before.

# A vector that leans to categories `one` and `other`.
function vector(one, other,  text, i, value) {
  text = ""
  for (i = 0; i < 64; i++) {
    value = normal() * 0.35
    if (i % 6 == one) value += 1
    if (i % 6 == other) value += 0.8
    text = text (i ? "," : "") sprintf("%.3f", value)
  }
  return "[" text "]"
}

BEGIN {
  seed = 99
  end = 1782777600  # 2026-06-30
  begin = end - 40 * 86400
  items = data "/items.jsonl"
  tastes = data "/tastes.jsonl"
  labels = data "/labels.csv"
  print "viewer_id,item_id,event_time,bought" >labels
  split("garden kitchen music books sport toys", categories, " ")
  for (item = 1; item <= 90; item++) {
    category[item] = pick(6)
    price[item] = 3 + random() * 60
    # Some change their price, which makes another row.
    for (change = 0; change <= (random() < 0.3); change++)
      printf "{\"item_id\":%d,\"price\":%s,\"embedding\":%s,\"withdrawn\":false,\"changed_at\":\"%s\"}\n", item,
        cents(price[item] * (1 - change * 0.3)), vector(category[item], -1),
        instant(begin - 86400 + change * (10 + pick(20)) * 86400) >items
  }
  for (viewer = 1; viewer <= 120; viewer++) {
    one = pick(6)
    other = pick(6)
    for (day = 0; day < 40; day += 10)
      printf "{\"viewer_id\":\"v%d\",\"embedding\":%s,\"trained_at\":\"%s\"}\n", viewer, vector(one, other),
        instant(begin + day * 86400) >tastes
    often = 0.5 + random() * 4
    delete met
    for (day = 0; day < 40; day++) {
      file = data "/views/" (day < 20 ? 1 : 2) ".jsonl"
      for (left = often; left > random(); left--) {
        do item = 1 + pick(90)
        while (random() < 0.6 && category[item] != one && category[item] != other)
        likes = category[item] == one || category[item] == other
        chance = (likes ? 0.2 : 0.03) + (item in met ? 0.15 : 0) - price[item] / 600
        bought = random() < chance
        second = begin + day * 86400 + int((7 + random() * 16) * 3600)
        view++
        printf "{\"view_id\":\"w%d\",\"viewer_id\":\"v%d\",\"item_id\":%d,\"category\":\"%s\",\"seconds\":%s,", view,
          viewer, item, categories[category[item] + 1], cents(3 + random() * (likes ? 90 : 30)) >file
        printf "\"bought\":%s,\"seen_at\":\"%s\"}\n", bought ? "true" : "false", instant(second) >file
        # Asked at the moment of the view, which is no part of what is seen then.
        if (day >= 12) printf "v%d,%d,%s,%d\n", viewer, item, instant(second), bought >labels
        met[item] = 1
      }
    }
  }
}
