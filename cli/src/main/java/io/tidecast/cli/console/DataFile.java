package io.tidecast.cli.console;

import io.tidecast.evaluation.data.CsvFormat;
import io.tidecast.evaluation.data.CsvSeries;
import io.tidecast.evaluation.data.SeriesSet;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSet;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file of series and its division, written {@code FILE@TRAIN,VALIDATION,TEST}.
 *
 * @param split as {@link Split#parse} reads it
 */
public record DataFile(Path file, String split) {

  /** Most rows are to learn from, fewest to choose the epoch by. */
  public static final String USUAL_SPLIT = "0.7,0.1,0.2";

  /** A series by itself needs no times, so that any will do for a file without. */
  private static final CsvSeries.Times DAILY =
      new CsvSeries.Times(Instant.EPOCH, Duration.ofDays(1));

  /** Reads a file and its split, which is the part after the last {@code @}, where there is one. */
  public static DataFile parse(String text) {
    int at = text.lastIndexOf('@');
    return at < 0
        ? new DataFile(Path.of(text), USUAL_SPLIT)
        : new DataFile(Path.of(text.substring(0, at)), text.substring(at + 1));
  }

  public String name() {
    return file.getFileName().toString();
  }

  /**
   * Reads every channel. A file without times counts as daily, unless it is said when its rows
   * were.
   *
   * @param format what is declared of it
   * @param times of a file without; null where that is not said
   */
  public CsvSeries.Described read(CsvFormat format, CsvSeries.@Nullable Times times) {
    boolean isDaily = times == null && format.equals(CsvFormat.FOUND) && !CsvSeries.hasTimes(file);
    return CsvSeries.read(file, format, isDaily ? DAILY : times);
  }

  /** Divides what was read. */
  public SplitSet divided(SeriesSet set) {
    return SplitSet.of(set, Split.parse(split, set.span()));
  }
}
