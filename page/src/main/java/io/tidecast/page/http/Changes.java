package io.tidecast.page.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidecast.page.kept.PageBoard;
import io.tidecast.page.kept.SeriesView;
import io.tidecast.page.kept.Shown;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one browser has not been told yet. It holds marks and no records, so that a slow browser
 * costs nothing: it is told later, and then what holds then. One thread.
 */
final class Changes {

  private final Shown shown;
  private final Position position;

  /** Where a browser is: what it looks at, and what it has been told of that. */
  static final class Position {
    private @Nullable String series;
    private final @Nullable String target;
    private long since;
    private long boardMark = -1;
    private boolean told;

    /**
     * @param series that it looks at; null for the first there is
     * @param since mark of what it has been told; 0 for nothing
     */
    Position(@Nullable String series, @Nullable String target, long since) {
      this.series = series;
      this.target = target;
      this.since = since;
    }

    /** The mark of what it has been told. */
    long since() {
      return since;
    }
  }

  Changes(Shown shown, Position position) {
    this.shown = shown;
    this.position = position;
  }

  /** The next news as JSON; empty where there is none. */
  Optional<byte[]> next() {
    if (position.series == null) {
      position.series = shown.store().first();
    }
    PageBoard.View now = shown.board().look();
    boolean boardChanged = now.mark() != position.boardMark;
    SeriesView view =
        position.series == null
            ? null
            : shown.store().look(position.series, position.target, position.since);
    boolean seriesChanged = view != null && !view.isEmpty();
    if (!boardChanged && !seriesChanged && position.told) {
      return Optional.empty();
    }
    byte[] json =
        Json.object(to -> write(to, boardChanged ? now : null, seriesChanged ? view : null));
    position.told = true;
    position.boardMark = now.mark();
    if (view != null) {
      position.since = view.mark();
    }
    return Optional.of(json);
  }

  private void write(JsonGenerator to, PageBoard.@Nullable View now, @Nullable SeriesView view)
      throws IOException {
    to.writeStringField("title", shown.about().title());
    to.writeStringField("zone", shown.about().zone());
    // What the browser has is of before, or of another server.
    to.writeBooleanField("whole", position.since == 0);
    if (position.series != null) {
      to.writeStringField("chosen", position.series);
    }
    if (now != null) {
      to.writeObjectFieldStart("job");
      Json.board(to, now, shown.store().fill());
      to.writeEndObject();
    }
    if (view != null) {
      to.writeObjectFieldStart("series");
      Json.series(to, view);
      to.writeEndObject();
    }
    to.writeObjectFieldStart("limits");
    Json.limits(to, shown.store().limits());
    to.writeEndObject();
  }
}
