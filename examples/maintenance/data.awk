# Nine pumps at three sites for ten days, a reading every twenty seconds while one runs and its line is up. Before
# most failures the pressure begins to flutter and the bearing to warm, for some hours; then the pump stands still
# until it is repaired. Hot days and lost lines look a little like it.

function start_cycle(from) {
  fails = from + 20 * 3600 + random() * 110 * 3600
  # Some fail without a word.
  warns = random() < 0.85 ? fails - (4 + random() * 8) * 3600 : fails
}

BEGIN {
  seed = 42
  end = 1782777600  # 2026-06-30
  begin = end - 10 * 86400
  services = data "/services.csv"
  labels = data "/labels.csv"
  print "site,pump_number,kind,technician,finished_at" >services
  print "site,pump_number,event_time,fails" >labels
  split("harbour mill quarry", sites, " ")
  split("ana ben cho", technicians, " ")
  for (place = 1; place <= 3; place++) {
    readings = data "/readings/" sites[place] ".csv"
    print "site,pump_number,pressure,celsius,measured_at" >readings
    for (pump = 1; pump <= 3; pump++) {
      base = 4 + random() * 3
      warmth = 45 + random() * 15
      printf "%s,%d,inspection,%s,%s\n", sites[place], pump, technicians[1 + pick(3)],
        instant(begin - pick(200) * 3600) >services
      start_cycle(begin)
      down = 0  # Until when the line is.
      for (second = begin + pick(20); second < end; second += 20) {
        if (second >= fails) {
          second += 2 * 3600 + pick(3 * 3600)
          if (second < end)
            printf "%s,%d,repair,%s,%s\n", sites[place], pump, technicians[1 + pick(3)], instant(second) >services
          start_cycle(second)
        }
        if (int(second / 3600) != int((second - 20) / 3600))
          # Asked at each full hour: does it fail within six?
          printf "%s,%d,%s,%d\n", sites[place], pump, instant(int(second / 3600) * 3600),
            fails <= int(second / 3600) * 3600 + 6 * 3600 >labels
        if (second < down) continue
        if (random() < 0.0004) down = second + 300 + pick(5000)
        worn = second > warns ? (second - warns) / (fails - warns + 1) : 0
        day = second / 86400
        printf "%s,%d,%.4f,%.2f,%s\n", sites[place], pump, base + normal() * (0.12 + 0.35 * worn),
          warmth + 6 * sin(6.2831853 * day) + normal() * 2 + 16 * worn, instant(second) >readings
      }
    }
  }
}
