public import Racing

/// Everything that is measured in process, in the order of the house: one list per room.
public let workloads: [Workload] =
  columnWorkloads + exactWorkloads + aggregateWorkloads + orderAndSketchWorkloads + windowWorkloads
  + onlineWorkloads
