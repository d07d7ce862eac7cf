# 250 customers who pay for 60 days, each in shops and hours of their own. Some of them lose their card: whoever
# found it pays much and often for an hour, mostly at night, in shops where few ask, and is refused at times.
# Few nights are so: what there is to learn is in the windows, and is not certain.

function pay(customer, second, amount, shop, stolen,  refused) {
  refused = random() < (stolen ? 0.3 : 0.02)
  number++
  printf "p%d,c%d,%d,%s,%s,%s,%s\n", number, customer, shop, cents(amount), refused ? "true" : "false",
    instant(second), instant(second + 5 + pick(40)) >payments
  # Asked at the moment of the payment, which is no part of what is seen then.
  if (second >= begin + 20 * 86400 && (stolen || random() < 0.35))
    printf "c%d,%d,%s,%d,%s,%d\n", customer, shop, cents(amount), int(second / 3600) % 24, instant(second),
      stolen >labels
}

BEGIN {
  seed = 20260630
  end = 1782777600  # 2026-06-30
  begin = end - 60 * 86400
  payments = data "/payments.csv"
  cards = data "/cards.csv"
  labels = data "/labels.csv"
  print "payment_id,customer_id,shop_id,amount,refused,paid_at,booked_at" >payments
  print "customer_id,country,card_limit,issued_at" >cards
  print "customer_id,shop_id,amount,at_hour,event_time,is_fraud" >labels
  split("DE FR PL PT NL", countries, " ")
  for (customer = 1; customer <= 250; customer++) {
    usual = 8 + random() * 60
    perDay = 0.3 + random() * 1.6
    printf "c%d,%s,%d,%s\n", customer, countries[1 + pick(5)], 1000 + pick(9) * 500,
      instant(begin - pick(500) * 86400) >cards
    for (day = 0; day < 60; day++) {
      # Some days are spent shopping: several payments soon after each other are nothing yet.
      trip = random() < 0.05
      hour = 9 + random() * 9
      for (left = trip ? 4 : perDay; left > random(); left--) {
        hour = trip ? hour + 0.05 + random() * 0.5 : 7 + random() * 16
        if (!trip && random() < 0.08) hour = random() * 6
        amount = usual * (0.3 + random() * 1.4)
        if (random() < 0.06) amount *= 6
        pay(customer, begin + day * 86400 + hour * 3600, amount, 1 + pick(40), 0)
      }
    }
    if (random() < 0.45) {
      second = begin + (15 + pick(45)) * 86400 + (random() < 0.5 ? random() * 5 : 6 + random() * 16) * 3600
      for (left = 3 + pick(6); left > 0; left--) {
        pay(customer, second, usual * (0.4 + random() * 3.5), random() < 0.4 ? 36 + pick(5) : 1 + pick(40), 1)
        second += 60 + random() * 1800
      }
    }
  }
}
