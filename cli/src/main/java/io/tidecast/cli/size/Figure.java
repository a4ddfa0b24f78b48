package io.tidecast.cli.size;

import java.util.Locale;

/**
 * What is not computed of the job and its model, but was measured before or is a rule of thumb.
 * Each says where it comes from, so that who has figures of their own knows what to put in place.
 */
enum Figure {
  HEAP_FOR_ALL(
      4L << 30,
      "Series are on the heap where %s of it take all of them, for more makes long pauses and long checkpoints (--backend)."),
  STATE_OF_A_TASK_MANAGER(
      16L << 30,
      "A task manager has at most %s of series in memory, so that another one takes its place soon."),
  HEADROOM(
      .5,
      "Processors are planned to be busy for %s of the time, so that a job that was away catches up in as long as it was away."),
  SPREAD(
      1.1,
      "A task manager has room for %s times its even share of the series, for their names do not spread evenly."),
  FORECAST_MICROS(
      6.3,
      "A forecast takes %s µs of processor time besides the model: reading, window, record and commit (docs/performance.md, the whole job at parallelism 2)."),
  HEAP_OBSERVATION_MICROS(
      4,
      "An observation takes %s µs on the heap (docs/how-to/many-series.md, what RocksDB does not take)."),
  DISK_OBSERVATION_MICROS(
      20,
      "An observation takes %s µs in RocksDB where forecasts are more than two cells apart, so that there is a journal (docs/how-to/many-series.md, one and two million series)."),
  REWRITE_MICROS(
      80,
      "Otherwise it writes the whole series into RocksDB and takes %s µs (benchmarks/run scaling, three million series on a busy machine; 100,000 took 20)."),
  FILES(
      1.25,
      "RocksDB's files are %s times the bytes of all series where there is a journal, old versions among them (docs/performance.md, many series)."),
  REWRITTEN_FILES(
      2, "Otherwise they are %s times those bytes (benchmarks/run scaling, three million series)."),
  LEAST_FILES(
      768L << 20,
      "RocksDB's files are at least %s for a slot, for so much waits to be merged (benchmarks/run scaling, 100,000 series)."),
  LEAST_MANAGED(128L << 20, "RocksDB has at least %s of managed memory for a slot."),
  MANAGED(
      .2,
      "Managed memory is %s of RocksDB's files (docs/memory.md: 1 GB for two million series, 5 GB for ten)."),
  CHECKPOINTED_OBSERVATION(
      1_700,
      "A checkpoint of RocksDB has, in the mean, %s bytes for each observation since the one before where there is a journal (benchmarks/run scaling, three million series)."),
  CHECKPOINTED_REWRITE(
      8,
      "Otherwise it has %s times the bytes of a series for each observation (benchmarks/run scaling, three million series)."),
  WRITTEN_OBSERVATION(
      3_500,
      "RocksDB and its checkpoints write %s bytes to disks for each observation where there is a journal (benchmarks/run scaling, three million series)."),
  WRITTEN_REWRITE(
      20,
      "Otherwise they write %s times the bytes of a series (benchmarks/run scaling, three million series)."),
  SHUFFLED_OBSERVATION(
      58,
      "An observation takes %s bytes beyond its name on its way between subtasks (benchmarks/run scaling)."),
  BASE_HEAP(256 << 20, "Flink and the job take %s of heap beside series and buffers."),
  SEND_BUFFER(
      32 << 20, "Each sink of a subtask buffers up to %s for Kafka (Kafka's buffer.memory)."),
  ARENA(
      256 << 20,
      "ONNX Runtime has %s off the heap for its arena, which depends on the graph. Where the model is run here, it is measured."),
  POSTGRES_ROWS(
      35_000,
      "A process copies %s rows a second into PostgreSQL (docs/how-to/postgres.md, half of what it did on a machine that did nothing else)."),
  POSTGRES_ROW_BYTES(
      350,
      "A row of PostgreSQL takes %s bytes with its indexes (docs/how-to/postgres.md, an estimate).");

  private static final double MEBIBYTE = 1 << 20;
  private static final int UNIT = 1024;

  private final double value;
  private final String sentence;

  Figure(double value, String sentence) {
    this.value = value;
    this.sentence = sentence;
  }

  double value() {
    return value;
  }

  private String number() {
    if (value < 1) {
      return String.format(Locale.ROOT, "%.0f %%", 100 * value);
    }
    if (value >= MEBIBYTE) {
      return value < UNIT * MEBIBYTE
          ? String.format(Locale.ROOT, "%.0f MiB", value / MEBIBYTE)
          : String.format(Locale.ROOT, "%.0f GiB", value / MEBIBYTE / UNIT);
    }
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%s", value);
  }

  /** Says it with its source. */
  String sentence() {
    return sentence.formatted(number());
  }
}
