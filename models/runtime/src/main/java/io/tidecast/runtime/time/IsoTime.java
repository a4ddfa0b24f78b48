package io.tidecast.runtime.time;

/** Reads times in the variants of ISO 8601. A written offset wins over a region beside it. */
final class IsoTime implements TimeParser.Reading {

  /** Farther from 1970, adding an offset could leave a long. */
  private static final long MAX_MILLIS = Long.MAX_VALUE - 7 * 86_400_000L;

  private final IsoText text = new IsoText();
  private final TextZone zone;

  IsoTime(TimeFormat format, SeriesOrder order) {
    this.zone = new TextZone(format, order);
  }

  @Override
  public long millis(Object found, String series) throws TimeException {
    if (!(found instanceof String written)) {
      throw zone.notText(found);
    }
    if (!text.read(written)) {
      throw TimeException.expected("a time (iso-8601)");
    }
    long local = text.localMillis();
    if (local > MAX_MILLIS || local < -MAX_MILLIS) {
      throw TimeException.outOfRange("");
    }
    if (text.hasOffset()) {
      return local - text.offsetMillis();
    }
    String name = text.zone();
    WallClock clock =
        name == null ? zone.clock() : text.isBracketed() ? zone.clock(name) : zone.named(name);
    return text.isDateAlone() ? clock.startOfDay(local) : clock.millis(local, series);
  }
}
