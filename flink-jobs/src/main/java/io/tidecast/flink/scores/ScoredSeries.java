package io.tidecast.flink.scores;

import io.tidecast.flink.hindsight.HindsightSeries;
import io.tidecast.flink.record.LeadForecast;
import io.tidecast.flink.record.LeadForecasts;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.promotion.ModelName;
import io.tidecast.runtime.scores.ScoredForecast;
import io.tidecast.runtime.scores.Scoring;
import io.tidecast.runtime.scores.SeriesScores;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a series whose forecasts are scored: its scores, the cells that wait, and the
 * forecasts that have overtaken the cell that they were made from. One thread.
 *
 * <p>Version 2 of the bytes, big-endian: version (byte), the waiting cells, the {@linkplain Turns
 * turns}, how many forecasts are ahead (int) and of each its origin (long) and how many bytes it
 * has (int) and these, the bytes of the scores. Version 1 had none that are ahead. Forecasts that
 * are ahead say what they say at the leads of then, so they go where the scores begin anew.
 */
final class ScoredSeries extends HindsightSeries {

  private static final int VERSION = 2;

  /** Only in a replay is a model so far ahead of another. */
  private static final int MOST_AHEAD = 1_024;

  private static final TypeSerializer<LeadForecasts> FORECASTS =
      StateTypes.LEAD_FORECASTS.createSerializer(new SerializerConfigImpl());

  /** Who takes a forecast, now that the cell has come that it was made from. */
  interface Scorer {
    boolean score(ScoredSeries series, long origin, LeadForecasts forecasts);
  }

  /**
   * A forecast that came before the cell that it was made from.
   *
   * @param origin number of that cell
   */
  private record Ahead(long origin, LeadForecasts forecasts) {}

  private final SeriesScores scores;
  private final Scorer scorer;

  /** In the order of their coming, which is that of their origins but for those made again. */
  private final Deque<Ahead> ahead = new ArrayDeque<>(0);

  private final @Nullable Comparison comparison;
  private final Turns turns = new Turns();

  private ScoredSeries(Scoring scoring, @Nullable Comparison comparison, Scorer scorer) {
    super(scoring.settings().channels());
    this.scorer = scorer;
    this.comparison = comparison;
    this.scores = scoring.begin();
  }

  private ScoredSeries(
      Scoring scoring, @Nullable Comparison comparison, Scorer scorer, ByteBuffer in)
      throws IOException {
    super(scoring.settings().channels(), in);
    this.scorer = scorer;
    this.comparison = comparison;
    turns.read(in);
    int version = in.get(0);
    for (int left = version == 1 ? 0 : in.getInt(); left > 0; left--) {
      long origin = in.getLong();
      byte[] bytes = new byte[Math.min(in.getInt(), in.remaining())];
      in.get(bytes);
      ahead.add(new Ahead(origin, FORECASTS.deserialize(new DataInputDeserializer(bytes))));
    }
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    this.scores = scoring.read(rest);
    if (!scoring.goesOnWith(rest)) {
      ahead.forEach(one -> scoring.taken().dropped(leads(one.forecasts)));
      ahead.clear();
    }
  }

  /**
   * A series that nothing is known of.
   *
   * @param comparison is told whose turn it was; null where nobody compares
   */
  static ScoredSeries begin(Scoring scoring, @Nullable Comparison comparison, Scorer scorer) {
    return new ScoredSeries(scoring, comparison, scorer);
  }

  /**
   * A series that was kept.
   *
   * @throws IllegalStateException if the bytes are none of a series, or of a later version
   */
  static ScoredSeries read(
      Scoring scoring, @Nullable Comparison comparison, Scorer scorer, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      int version = in.get();
      if (version < 1 || version > VERSION) {
        throw new IllegalStateException(
            "scores must be of a version up to %d; go on with the version of Tidecast that kept them, or a later one: version=%d"
                .formatted(VERSION, version));
      }
      return new ScoredSeries(scoring, comparison, scorer, in);
    } catch (BufferUnderflowException | EOFException e) {
      throw new IllegalStateException("scores must be whole, their bytes end early", e);
    } catch (IOException e) {
      throw new IllegalStateException("scores must hold forecasts that can be read", e);
    }
  }

  @Override
  public byte[] bytes() {
    byte[] kept = scores.bytes();
    List<byte[]> forecasts = new ArrayList<>(ahead.size());
    int size = Integer.BYTES;
    for (Ahead one : ahead) {
      byte[] bytes = bytes(one.forecasts);
      forecasts.add(bytes);
      size += Long.BYTES + Integer.BYTES + bytes.length;
    }
    ByteBuffer out = ByteBuffer.allocate(1 + waitingBytes() + turns.length() + size + kept.length);
    out.put((byte) VERSION);
    writeWaiting(out);
    turns.write(out);
    out.putInt(ahead.size());
    int next = 0;
    for (Ahead one : ahead) {
      byte[] bytes = forecasts.get(next++);
      out.putLong(one.origin).putInt(bytes.length).put(bytes);
    }
    return out.put(kept).array();
  }

  private static byte[] bytes(LeadForecasts forecasts) {
    DataOutputSerializer out = new DataOutputSerializer(256);
    try {
      FORECASTS.serialize(forecasts, out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.getCopyOfBuffer();
  }

  /** Whether the cell of an origin has still to have its turn. */
  boolean isAhead(long origin) {
    return origin > newest();
  }

  /**
   * Holds a forecast until the cell of its origin has its turn.
   *
   * @return how many leads of forecasts that were held had to go for it
   */
  int hold(long origin, LeadForecasts forecasts) {
    ahead.add(new Ahead(origin, forecasts));
    return ahead.size() <= MOST_AHEAD ? 0 : leads(ahead.remove().forecasts);
  }

  private static int leads(LeadForecasts forecasts) {
    int leads = 0;
    for (LeadForecast one : forecasts.forecasts()) {
      leads += one.points().length / one.issuer().channels();
    }
    return leads;
  }

  @Override
  protected double fetch() {
    return scores.fetch();
  }

  SeriesScores scores() {
    return scores;
  }

  /** Takes a forecast. */
  void forecast(ScoredForecast forecast) {
    look();
    scores.forecast(forecast);
  }

  /** Takes note of who has answered an origin. */
  void answered(long origin, String slot, ModelName primary) {
    turns.answered(origin, slot, primary);
  }

  private void look() {
    if (comparison != null) {
      comparison.look(turns);
    }
  }

  @Override
  protected boolean close(long cell, double[] values) {
    look();
    boolean taken = scores.close(cell, values);
    for (int left = ahead.size(); left > 0; left--) {
      Ahead one = ahead.remove();
      if (one.origin <= cell) {
        scorer.score(this, one.origin, one.forecasts);
      } else {
        ahead.add(one);
      }
    }
    return taken;
  }
}
