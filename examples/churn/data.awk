# 400 subscribers over 18 months. Each watches as often as suits them; some begin to lose interest, watch less week
# by week, ask about their bill more often, and end the contract after a while. Others end it out of the blue.

BEGIN {
  seed = 7
  end = 1782777600  # 2026-06-30
  begin = end - 546 * 86400
  contracts = data "/contracts.csv"
  tickets = data "/tickets.csv"
  labels = data "/labels.csv"
  print "subscriber_id,plan,monthly_price,ended,valid_from" >contracts
  print "ticket_id,subscriber_id,topic,opened_at,recorded_at" >tickets
  print "subscriber_id,event_time,left" >labels
  split("basic family premium", plans, " ")
  split("phone tv laptop", devices, " ")
  for (quarter = 0; quarter < 6; quarter++) {
    sessions[quarter] = data "/sessions/" quarter + 1 ".csv"
    print "subscriber_id,minutes,device,started_at,uploaded_at" >sessions[quarter]
  }
  for (subscriber = 1; subscriber <= 400; subscriber++) {
    plan = 1 + pick(3)
    start = pick(300)
    printf "%d,%s,%s,false,%s\n", subscriber, plans[plan], cents(4 + plan * 4), instant(begin + start * 86400) >contracts
    gone = 546
    fades = 9999
    if (random() < 0.45) {
      gone = start + 60 + pick(486)
      if (random() < 0.75) fades = gone - 30 - pick(50)
    }
    # Prices change for all, and some take another plan.
    if (start < 250 && gone > 255)
      printf "%d,%s,%s,false,%s\n", subscriber, plans[plan], cents(5 + plan * 4), instant(begin + 250 * 86400) >contracts
    often = 0.1 + random() * 0.5
    for (day = start; day < gone && day < 546; day++) {
      interest = day < fades ? 1 : (gone - day) / (gone - fades) * 0.7
      if (random() < often * interest) {
        second = begin + day * 86400 + int((6 + random() * 17) * 3600)
        printf "%d,%s,%s,%s,%s\n", subscriber, cents(5 + random() * 110 * interest), devices[1 + pick(3)],
          instant(second), instant(second + 600 + pick(40000)) >sessions[int(day / 91)]
      }
      if (random() < (day < fades ? 0.004 : 0.03)) {
        ticket++
        second = begin + day * 86400 + int(random() * 86000)
        printf "t%d,%d,%s,%s,%s\n", ticket, subscriber, random() < (day < fades ? 0.3 : 0.6) ? "billing" : "quality",
          instant(second), instant(second + 60 + pick(7200)) >tickets
      }
      # Asked at the first of every fourth week: is the subscriber gone 30 days later?
      if (day % 28 == 0 && day >= start + 28 && day + 30 < 546)
        printf "%d,%s,%d\n", subscriber, instant(begin + day * 86400), gone <= day + 30 >labels
    }
    if (gone < 546)
      printf "%d,%s,%s,true,%s\n", subscriber, plans[plan], cents(5 + plan * 4), instant(begin + gone * 86400) >contracts
  }
}
