package io.tidecast.flink.history;

import io.tidecast.runtime.grid.GridStep;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a job read up to a moment, as the closed cells of its series. The values stay in a file; a
 * series is in memory while somebody looks at it. One thread.
 *
 * @param file of the values
 * @param channels values of a cell
 * @param series by their names
 * @param read where the observations came from
 * @param rejected what could not be used, by its reason
 */
public record History(
    Path file,
    int channels,
    List<HistorySeries> series,
    List<ReadRange> read,
    List<RejectedCount> rejected) {

  private static final int VERSION = 1;
  private static final String VALUES = "values";
  private static final String INDEX = "index";

  /** A series of more cells than this is one with a wrong time. */
  private static final long MOST_CELLS = 100_000_000;

  /** Of a series at a time, whose values are in memory once and not twice. */
  private static final int READ_BYTES = 1 << 16;

  /** Sorts the copies of a cell: those of its time stay in their order, so that the last wins. */
  private record Cell(long timeMillis, double[] values) {}

  public History {
    series = List.copyOf(series);
    read = List.copyOf(read);
    rejected = List.copyOf(rejected);
  }

  /**
   * A part of what was read.
   *
   * @param topic or file
   * @param first offset, or line
   * @param last offset, or line
   * @param firstMillis earliest time of an observation
   * @param lastMillis latest time of an observation
   * @param observations how many
   */
  public record ReadRange(
      String topic,
      int partition,
      long first,
      long last,
      long firstMillis,
      long lastMillis,
      long observations) {

    /** Reads what {@link #toLine} wrote. */
    static ReadRange of(String line) {
      String[] parts = line.split("\t", -1);
      return new ReadRange(
          parts[0],
          Integer.parseInt(parts[1]),
          Long.parseLong(parts[2]),
          Long.parseLong(parts[3]),
          Long.parseLong(parts[4]),
          Long.parseLong(parts[5]),
          Long.parseLong(parts[6]));
    }

    /** Writes it; a name has no tab. */
    String toLine() {
      return "%s\t%d\t%d\t%d\t%d\t%d\t%d"
          .formatted(topic, partition, first, last, firstMillis, lastMillis, observations);
    }
  }

  /**
   * Records that could not be used.
   *
   * @param code of the reason
   * @param first what was wrong with the first of them
   */
  public record RejectedCount(String code, long count, String first) {}

  /**
   * Puts the cells that were written to a folder in order.
   *
   * @throws HistoryException if the times of a series are too far apart to be right
   */
  public static History of(Path folder, GridStep step, int channels) throws IOException {
    List<HistorySeries> series = new ArrayList<>();
    Path file = folder.resolve(VALUES);
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      long at = 0;
      for (int bucket = 0; bucket < CellSink.BUCKETS; bucket++) {
        Map<String, List<Cell>> cells = bucket(folder, bucket, channels);
        for (Map.Entry<String, List<Cell>> one : cells.entrySet()) {
          HistorySeries its = write(one.getKey(), one.getValue(), step, out, at);
          if (its != null) {
            series.add(its);
            at += its.cells() * (long) channels * Double.BYTES;
          }
        }
      }
    }
    series.sort(Comparator.comparing(HistorySeries::name));
    History history = new History(file, channels, series, read(folder), rejected(folder));
    history.writeIndex(folder.resolve(INDEX));
    return history;
  }

  /** Whether a folder holds a history that is whole. */
  public static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(INDEX));
  }

  /** Opens the history of a folder that {@link #isIn is in} it. */
  public static History open(Path folder) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(folder.resolve(INDEX))))) {
      int version = in.readInt();
      if (version != VERSION) {
        throw new HistoryException(
            "the history of %s must be of version %d, it is of %d; delete the folder and begin again"
                .formatted(folder, VERSION, version));
      }
      int channels = in.readInt();
      List<HistorySeries> series = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        series.add(
            new HistorySeries(
                in.readUTF(), in.readLong(), in.readInt(), in.readInt(), in.readLong()));
      }
      List<ReadRange> read = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        read.add(ReadRange.of(in.readUTF()));
      }
      List<RejectedCount> rejected = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        rejected.add(new RejectedCount(in.readUTF(), in.readLong(), in.readUTF()));
      }
      return new History(folder.resolve(VALUES), channels, series, read, rejected);
    }
  }

  /** The last file to be written: with it, the history is whole. */
  private void writeIndex(Path index) throws IOException {
    Path begun = index.resolveSibling(INDEX + ".begun");
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(begun)))) {
      out.writeInt(VERSION);
      out.writeInt(channels);
      out.writeInt(series.size());
      for (HistorySeries one : series) {
        out.writeUTF(one.name());
        out.writeLong(one.firstMillis());
        out.writeInt(one.cells());
        out.writeInt(one.valued());
        out.writeLong(one.at());
      }
      out.writeInt(read.size());
      for (ReadRange one : read) {
        out.writeUTF(one.toLine());
      }
      out.writeInt(rejected.size());
      for (RejectedCount one : rejected) {
        out.writeUTF(one.code());
        out.writeLong(one.count());
        out.writeUTF(one.first());
      }
    }
    Files.move(begun, index, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Returns the values of a series, {@code [cell][channel]}; NaN is missing. */
  public double[] values(HistorySeries one) throws IOException {
    double[] values = new double[Math.multiplyExact(one.cells(), channels)];
    ByteBuffer bytes = ByteBuffer.allocate(READ_BYTES);
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      in.position(one.at());
      for (int next = 0; next < values.length; ) {
        int count = Math.min(values.length - next, READ_BYTES / Double.BYTES);
        bytes.clear().limit(count * Double.BYTES);
        while (bytes.hasRemaining()) {
          if (in.read(bytes) < 0) {
            throw new EOFException("the file of the history ends too early: " + file);
          }
        }
        bytes.flip().asDoubleBuffer().get(values, next, count);
        next += count;
      }
    }
    return values;
  }

  private static Map<String, List<Cell>> bucket(Path folder, int bucket, int channels)
      throws IOException {
    Map<String, List<Cell>> cells = new TreeMap<>();
    for (Path file : files(folder, CellSink.prefix(bucket))) {
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        long left = Files.size(file);
        while (left > 0) {
          String name = in.readUTF();
          long timeMillis = in.readLong();
          double[] values = new double[channels];
          for (int channel = 0; channel < channels; channel++) {
            values[channel] = in.readDouble();
          }
          cells.computeIfAbsent(name, none -> new ArrayList<>()).add(new Cell(timeMillis, values));
          left -= utfBytes(name) + Long.BYTES + (long) channels * Double.BYTES;
        }
      }
      Files.delete(file);
    }
    return cells;
  }

  /** What {@link DataOutputStream#writeUTF} makes of a text. */
  private static long utfBytes(String text) {
    long bytes = Short.BYTES;
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      bytes += one >= 1 && one <= 0x7F ? 1 : one <= 0x7FF ? 2 : 3;
    }
    return bytes;
  }

  private static @Nullable HistorySeries write(
      String name, List<Cell> cells, GridStep step, DataOutputStream out, long at)
      throws IOException {
    List<Cell> valued =
        new ArrayList<>(cells.stream().filter(cell -> hasValue(cell.values())).toList());
    if (valued.isEmpty()) {
      return null;
    }
    valued.sort(Comparator.comparingLong(Cell::timeMillis));
    long first = step.cell(valued.get(0).timeMillis());
    long last = step.cell(valued.get(valued.size() - 1).timeMillis());
    if (last - first >= MOST_CELLS) {
      throw new HistoryException(
          "series %s must not begin %d cells before it ends, the time of one of its observations is wrong; source.max-future and source.stop limit what is read: from %s to %s"
              .formatted(
                  name,
                  last - first,
                  Instant.ofEpochMilli(valued.get(0).timeMillis()),
                  Instant.ofEpochMilli(valued.get(valued.size() - 1).timeMillis())));
    }
    double[] missing = new double[valued.get(0).values().length];
    Arrays.fill(missing, Double.NaN);
    int known = 0;
    int next = 0;
    for (long number = first; number <= last; number++) {
      double[] values = missing;
      while (next < valued.size() && step.cell(valued.get(next).timeMillis()) == number) {
        values = valued.get(next).values();
        next++;
      }
      known += values == missing ? 0 : 1;
      for (double value : values) {
        out.writeDouble(value);
      }
    }
    return new HistorySeries(name, step.startMillis(first), (int) (last - first + 1), known, at);
  }

  private static boolean hasValue(double[] values) {
    return Arrays.stream(values).anyMatch(value -> !Double.isNaN(value));
  }

  private static List<ReadRange> read(Path folder) throws IOException {
    Map<String, ReadRange> ranges = new TreeMap<>();
    for (Path file : files(folder, ReadSink.PREFIX)) {
      for (String line : Files.readAllLines(file)) {
        ReadRange range = ReadRange.of(line);
        ranges.merge(
            "%s\t%09d".formatted(range.topic(), range.partition()), range, History::together);
      }
    }
    return List.copyOf(ranges.values());
  }

  private static ReadRange together(ReadRange one, ReadRange other) {
    return new ReadRange(
        one.topic(),
        one.partition(),
        Math.min(one.first(), other.first()),
        Math.max(one.last(), other.last()),
        Math.min(one.firstMillis(), other.firstMillis()),
        Math.max(one.lastMillis(), other.lastMillis()),
        one.observations() + other.observations());
  }

  private static List<RejectedCount> rejected(Path folder) throws IOException {
    Map<String, RejectedCount> counts = new TreeMap<>();
    for (Path file : files(folder, RejectionSink.PREFIX)) {
      for (String line : Files.readAllLines(file)) {
        String[] parts = line.split("\t", 3);
        counts.merge(
            parts[0],
            new RejectedCount(parts[0], Long.parseLong(parts[1]), parts[2]),
            (one, other) ->
                new RejectedCount(one.code(), one.count() + other.count(), one.first()));
      }
    }
    return List.copyOf(counts.values());
  }

  private static List<Path> files(Path folder, String prefix) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, prefix + "*")) {
      found.forEach(files::add);
    }
    files.sort(Comparator.naturalOrder());
    return files;
  }
}
