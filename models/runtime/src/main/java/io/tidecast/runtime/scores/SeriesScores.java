package io.tidecast.runtime.scores;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Scores the forecasts that are made of one series. It is told of forecasts and of cells as they
 * close, and holds them against each other; neither has to wait for the other. One thread.
 *
 * <p>The newest cells are open: a correction of them, or a forecast of them that comes late, counts
 * as if it had come in time. When a cell is no longer one of {@link ScoreSettings#openCells}, it is
 * settled, and what it says is added to the sums, where it stays; at once or {@linkplain
 * Scoring#Scoring(ScoreSettings, int) together with some others}. So what the scores are depends on
 * what came in time alone, and not on its order.
 *
 * <p>What is missing is no error: a cell without a value says nothing of any forecast. Nor is
 * anything held against a forecast whose numbers are not finite.
 *
 * <p>A forecast of the seasonal naive is made of the series' own cells for whatever else is scored,
 * as they are known when the cell is settled. Where the cells are missing that it would repeat,
 * there is none.
 *
 * <p>Version 2 of the bytes: version (byte), {@linkplain ScoreSettings#id settings} (int), whether
 * anything came (byte; 0 ends the bytes), settled cell, kept cells, errors of the seasonal naive
 * one season ahead for each channel, number of models, models. A model: id, version, channels of
 * its targets, levels, newest origin, forecasts since its scores were told and the cell of then,
 * role and weight of the newest forecast, waiting forecasts, sums. Version 1 had no roles and
 * weights.
 */
public final class SeriesScores {

  private static final int VERSION = 2;

  private final Scoring scoring;
  private final ScoreSettings settings;
  private final List<ModelScores> models = new ArrayList<>();

  /** What the seasonal naive is off by one season ahead; of every channel. */
  private final ErrorSums scale;

  private KnownCells cells;
  private boolean begun;

  /** Nothing can change any more of what the cells up to this one say. */
  private long settled;

  /** All cells up to this one are in the sums; at most as many behind as may wait. */
  private long added;

  /** Whether it is among those that are caught up with. */
  private boolean isKnownBehind;

  /** No model's scores are to be told before this cell; whether at it, only the models know. */
  private long dueFrom = Long.MIN_VALUE;

  SeriesScores(Scoring scoring) {
    this(
        scoring,
        new ErrorSums(scoring.settings().channels(), scoring.naive()),
        new KnownCells(keptCells(scoring), scoring.settings().channels(), 0));
  }

  private SeriesScores(Scoring scoring, ErrorSums scale, KnownCells cells) {
    this.scoring = scoring;
    this.settings = scoring.settings();
    this.scale = scale;
    this.cells = cells;
  }

  /** Those that the seasonal naive looks back at, for cells that may wait too. */
  private static int keptCells(Scoring scoring) {
    return scoring.settings().keptCells() + scoring.mayWait();
  }

  private void begin(long cell) {
    if (!begun) {
      begun = true;
      settled = cell - settings.openCells() - 1;
      added = settled;
      cells = new KnownCells(keptCells(scoring), settings.channels(), settled);
    }
  }

  /**
   * Reads one number from each line of memory that the next cell and the next forecasts need, so
   * that all come from memory at once.
   *
   * @return what they add up to
   */
  public double fetch() {
    double sum = 0;
    for (int i = 0; i < models.size(); i++) {
      sum += models.get(i).fetch();
    }
    return sum;
  }

  /** Takes a forecast. A forecaster whose targets or levels have changed begins anew. */
  public void forecast(ScoredForecast forecast) {
    begin(forecast.origin());
    settleBefore(forecast.origin());
    model(forecast.by()).take(forecast, settled, scoring.taken());
  }

  private ModelScores model(Contestant by) {
    for (ModelScores model : models) {
      if (model.by().is(by)) {
        return model;
      }
    }
    models.removeIf(model -> model.by().isNamed(by) && drop(model));
    if (models.size() == ScoreSettings.MOST_MODELS) {
      ModelScores oldest =
          Collections.min(models, Comparator.comparingLong(ModelScores::lastOrigin));
      drop(oldest);
      models.remove(oldest);
    }
    ModelScores begins = new ModelScores(settings, scoring.plan(by), settled);
    models.add(begins);
    dueFrom = Long.MIN_VALUE;
    return begins;
  }

  private boolean drop(ModelScores model) {
    addSettled();
    scoring.taken().dropped(model.waiting());
    return true;
  }

  /**
   * Takes the values of a cell that closes, or other values of one that has closed.
   *
   * @param values {@code [channel]}, NaN is missing; copied
   * @return whether the cell was open; if not, nothing has changed
   */
  public boolean close(long cell, double[] values) {
    begin(cell);
    if (cell <= settled) {
      return false;
    }
    // Before the new values: they may need the room of cells that the naive looks back at.
    settleBefore(cell);
    cells.put(cell, values);
    settle(cell - settings.openCells());
    for (int i = models.size() - 1; i >= 0; i--) {
      if (isSilent(models.get(i)) && drop(models.get(i))) {
        models.remove(i);
      }
    }
    return true;
  }

  /** Settles the cells before one, itself left out, that are no longer open when it is there. */
  private void settleBefore(long cell) {
    long through = Math.min(cell - settings.openCells(), cell - 1);
    settle(Math.min(through, cells.newest()));
    if (through > settled) {
      pass(through);
    }
  }

  private void settle(long through) {
    settled = Math.max(settled, through);
    if (settled - added > scoring.mayWait()) {
      addSettled();
    }
    if (added < settled && !isKnownBehind) {
      isKnownBehind = true;
      scoring.isBehind(this);
    }
  }

  /** Adds what waits; it is no longer known to. */
  void catchUp() {
    isKnownBehind = false;
    addSettled();
  }

  private void addSettled() {
    while (added < settled) {
      addNext();
    }
  }

  /** Whether a model has made no forecast for so long that it has no score any more. */
  private boolean isSilent(ModelScores model) {
    int longest = settings.leads().get(settings.leads().size() - 1);
    return settled - model.lastOrigin() > settings.windowCells() + (long) longest;
  }

  private void addNext() {
    long cell = added + 1;
    double factor = scoring.forgetting(1);
    begin(added, cell);
    added = cell;
    SettledCell one = scoring.settled();
    one.turnTo(cell, cells);
    for (int channel = 0; channel < settings.channels(); channel++) {
      double actual = one.actual(channel);
      double[] before = {cells.value(cell - settings.seasonCells(), channel)};
      if (ErrorSums.isError(before[0] - actual)) {
        scale.note(new ErrorSums.Said(before, 0, Double.NaN), actual);
      }
      scale.settle(channel, block(cell), factor);
      // Where a series stands still this becomes 0, and a weighted mean never does.
      one.units[channel] = scale.windowPoints(channel).meanAbsolute();
    }
    LossSheet losses = scoring.losses();
    if (losses != null) {
      losses.begin(models);
    }
    for (int i = 0; i < models.size(); i++) {
      if (losses != null) {
        losses.turnTo(i);
      }
      scoring.taken().joined(models.get(i).settle(one, factor, losses));
    }
    for (int channel = 0; losses != null && channel < settings.channels(); channel++) {
      losses.tell(cell, channel, scale.windowPoints(channel));
    }
  }

  /** Passes cells that have no values. They may be those of years, so none is looked at alone. */
  private void pass(long through) {
    addSettled();
    double factor = scoring.forgetting(through - settled);
    scale.forget(factor);
    for (ModelScores model : models) {
      model.removeThrough(through, settled);
      model.forget(factor);
    }
    begin(settled, through);
    settled = through;
    added = through;
  }

  private long block(long cell) {
    return Math.floorDiv(cell, settings.blockCells());
  }

  /** Has what is older than the window leave it, when it moves on from one cell to another. */
  private void begin(long from, long to) {
    long oldest = Math.max(block(from) + 1, block(to) - ScoreSettings.BLOCKS + 1);
    for (long block = oldest; block <= block(to); block++) {
      scale.begin(block);
      for (ModelScores model : models) {
        model.begin(block);
      }
    }
  }

  /** The scores of every model as of the newest cell, open cells included. */
  public List<Score> scores() {
    return scores(models);
  }

  /**
   * The scores of those models that are due. Over time, there are no more of them than forecasts.
   *
   * @param every how many cells must have closed since those of a model were told; always the same
   */
  public List<Score> due(int every) {
    long newest = cells.newest();
    if (newest < dueFrom) {
      return List.of();
    }
    List<ModelScores> due = List.of();
    for (ModelScores model : models) {
      if (model.isDue(newest, every)) {
        due = due.isEmpty() ? new ArrayList<>(models.size()) : due;
        due.add(model);
      }
    }
    List<Score> scores = due.isEmpty() ? List.of() : scores(due);
    for (ModelScores model : due) {
      model.told(newest);
    }
    dueFrom = Long.MAX_VALUE;
    for (ModelScores model : models) {
      dueFrom = Math.min(dueFrom, model.toldAt() + every);
    }
    return scores;
  }

  private List<Score> scores(List<ModelScores> of) {
    if (!begun) {
      return List.of();
    }
    addSettled();
    SeriesScores whole = copy(of, scoring.aside());
    whole.settled = Math.max(settled, cells.newest());
    whole.addSettled();
    List<Score> scores = new ArrayList<>();
    for (ModelScores model : whole.models) {
      model.addScores(scores, whole.settled, whole.scale::windowPoints, whole.scale::weightedScale);
    }
    return scores;
  }

  /**
   * A copy with some of the models.
   *
   * @param aside nobody is told of what becomes of it
   */
  private SeriesScores copy(List<ModelScores> of, Scoring aside) {
    SeriesScores copy = new SeriesScores(aside, scale.copy(aside.naive()), cells.copy());
    copy.begun = begun;
    copy.settled = settled;
    copy.added = added;
    for (ModelScores model : of) {
      copy.models.add(model.copy(aside.plan(model.by())));
    }
    return copy;
  }

  /** How many forecasts wait, of all models, each lead counted. */
  public int waiting() {
    addSettled();
    return models.stream().mapToInt(ModelScores::waiting).sum();
  }

  /** What there is to keep of it. Nothing changes by it. */
  public byte[] bytes() {
    if (added < settled) {
      SeriesScores whole = copy(models, scoring.newAside());
      whole.addSettled();
      return whole.bytes();
    }
    ScoreOutput out = new ScoreOutput(512 + models.size() * 1024);
    out.putByte(VERSION);
    out.putInt(settings.id());
    out.putByte(begun ? 1 : 0);
    if (begun) {
      out.putSigned(settled);
      cells.write(out, settings.keptCells());
      scale.write(out);
      out.putCount(models.size());
      for (ModelScores model : models) {
        model.write(out, settled);
      }
    }
    return out.toBytes();
  }

  /** Whether bytes are of a series that was kept under these settings, so that it goes on. */
  static boolean areOf(ScoreSettings settings, byte[] bytes) {
    ScoreInput in = new ScoreInput(bytes);
    in.getByte();
    return in.getInt() == settings.id();
  }

  static SeriesScores read(Scoring scoring, byte[] bytes) {
    ScoreInput in = new ScoreInput(bytes);
    int version = in.getByte();
    if (version < 1 || version > VERSION) {
      throw new IllegalStateException(
          "scores must be of a version up to %d; go on with the version of Tidecast that kept them, or a later one: version=%d"
              .formatted(VERSION, version));
    }
    SeriesScores scores = new SeriesScores(scoring);
    if (in.getInt() != scoring.settings().id() || in.getByte() == 0) {
      return scores;
    }
    ScoreSettings settings = scoring.settings();
    scores.begun = true;
    scores.settled = in.getSigned();
    scores.added = scores.settled;
    scores.cells = KnownCells.read(keptCells(scoring), settings.channels(), in);
    scores.scale.read(in);
    int count = in.getCount("models", ScoreSettings.MOST_MODELS);
    for (int i = 0; i < count; i++) {
      scores.models.add(ModelScores.read(scoring, version, in, scores.settled));
    }
    in.end();
    return scores;
  }
}
