package io.tidecast.flink.hindsight;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.ClosedCell;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LobbyTest {

  private final Lobby<String> lobby = new Lobby<>();

  @Test
  void shouldFindWhoStaysAtHandAndInTheList() {
    Guest<String> first = comes("first", 10);
    assertThat(lobby.of("first")).isSameAs(first);
    Guest<String> second = comes("second", 20);
    assertThat(lobby.of("first")).as("no longer at hand").isSameAs(first);
    assertThat(lobby.of("second")).isSameAs(second);
    assertThat(lobby.come()).containsExactly("first", "second");
    assertThat(lobby.of("second")).as("listed").isSameAs(second);
  }

  @Test
  void shouldForgetWhoHasNothingLeft() {
    Guest<String> listed = comes("listed", 10);
    Guest<String> atHand = comes("at hand", 20);
    lobby.visited(atHand, new Nothing());
    lobby.visited(listed, new Nothing());
    assertThat(lobby.come()).isEmpty();
    assertThat(lobby.of("listed")).isNotSameAs(listed);
    assertThat(lobby.of("at hand")).isNotSameAs(atHand);
    assertThat(lobby.hasRoom(lobby.of("listed"))).isTrue();
  }

  @Test
  void shouldGiveTurnsInTheOrderOfTimeWhoeverIsAtHand() throws Exception {
    comes("third", 30);
    comes("first", 10);
    comes("second", 20);
    List<String> turns = new ArrayList<>();
    lobby.takeThrough(
        25,
        (series, ready) -> {
          turns.add(series + " " + ready);
          lobby.visited(lobby.of(series), new Nothing());
        });
    assertThat(turns).containsExactly("first 10", "second 20");
    assertThat(lobby.come()).containsExactly("third");
  }

  @Test
  void shouldTellOfTheOneAtHandThatWaitsInTheState() throws Exception {
    Guest<String> guest = comes("series", 10);
    Nothing series = new Nothing();
    series.add(70, 3, new double[1]);
    lobby.visited(guest, series);
    List<String> waiting = new ArrayList<>();
    lobby.forEachWaiting((name, ready) -> waiting.add(name + " " + ready));
    assertThat(waiting).containsExactly("series 70");
    assertThat(lobby.come()).as("all of it is in the state").isEmpty();
  }

  private Guest<String> comes(String series, long ready) {
    Guest<String> guest = lobby.of(series);
    ClosedCell cell = new ClosedCell(series, ready, new double[1], false);
    lobby.add(guest, new Guest.Arrival<>(ready, 1, cell));
    lobby.keep(guest);
    return guest;
  }

  /** Whose cells wait for ever, if any do. */
  private static final class Nothing extends HindsightSeries {

    Nothing() {
      super(1);
    }

    @Override
    protected boolean close(long cell, double[] values) {
      throw new AssertionError("no cell has its turn: cell=" + cell);
    }

    @Override
    public byte[] bytes() {
      ByteBuffer bytes = ByteBuffer.allocate(waitingBytes());
      writeWaiting(bytes);
      return bytes.array();
    }
  }
}
