package io.tidecast.benchmarks.scaling;

/**
 * What becomes of a job that has more to read at once than comes in the mean: all series have
 * reported at the same moment, or it was away. Each subtask has a core, and takes its series in
 * turn.
 *
 * @param seconds until the last subtask has nothing left to read
 * @param mostCheckpointed bytes of the checkpoint in which most changed
 */
record Burst(double seconds, double mostCheckpointed) {

  private static final double MICROS = 1e6;

  /**
   * What is simulated.
   *
   * @param spread of the series over subtasks
   * @param micros of processor time of an observation, with its share of a forecast
   * @param bytesOfAnObservation that a checkpoint writes for it
   * @param checkpointSeconds from one checkpoint to the next
   */
  record Job(
      NameSpread spread, double micros, double bytesOfAnObservation, double checkpointSeconds) {}

  /**
   * Goes from checkpoint to checkpoint until everything is read.
   *
   * @param waiting observations of each series at the beginning
   * @param perSecond observations of a series that come meanwhile
   * @param patienceSeconds after which it is given up, and never caught up
   */
  static Burst of(Job job, double waiting, double perSecond, double patienceSeconds) {
    long[] ofSubtasks = job.spread().ofSubtasks();
    double[] left = new double[ofSubtasks.length];
    for (int i = 0; i < left.length; i++) {
      left[i] = ofSubtasks[i] * waiting;
    }
    double fastest = MICROS / job.micros();
    double most = 0;
    double caughtUp = 0;
    for (double now = 0; now < patienceSeconds; now += job.checkpointSeconds()) {
      double read = 0;
      boolean behind = false;
      for (int i = 0; i < left.length; i++) {
        double comes = ofSubtasks[i] * perSecond;
        double until = left[i] == 0 ? 0 : left[i] / (fastest - comes);
        boolean reachesEnd = until >= 0 && until <= job.checkpointSeconds();
        if (reachesEnd) {
          caughtUp = left[i] == 0 ? caughtUp : Math.max(caughtUp, now + until);
          read += fastest * until + comes * (job.checkpointSeconds() - until);
          left[i] = 0;
        } else {
          read += fastest * job.checkpointSeconds();
          left[i] += (comes - fastest) * job.checkpointSeconds();
          behind = true;
        }
      }
      most = Math.max(most, read * job.bytesOfAnObservation());
      if (!behind) {
        return new Burst(caughtUp, most);
      }
    }
    return new Burst(Double.POSITIVE_INFINITY, most);
  }
}
