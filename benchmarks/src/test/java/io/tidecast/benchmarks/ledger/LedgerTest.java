package io.tidecast.benchmarks.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Plan PLAN = new Plan(1, 2, Plan.HORIZON);
  private static final int CELLS = Plan.HORIZON + 1;

  private final Ledger ledger = new Ledger(PLAN, Ledger.Wrong.NONE);

  @Test
  void shouldBeEvenWhenEachForecastIsThereOnceAndRight() {
    takeAll();

    Account account = ledger.account(CELLS, Set.of());

    assertEven(account);
    assertThat(account.expected()).isEqualTo(4);
    assertThat(account.once()).isEqualTo(4);
  }

  @Test
  void shouldCountWhatIsLostAndWhatComesAgain() {
    ledger.take(forecast(0, 7));
    ledger.take(forecast(0, 7));
    ledger.take(forecast(0, 7));

    Account account = ledger.account(CELLS, Set.of());

    assertThat(account.once()).isZero();
    assertThat(account.lost()).isEqualTo(3);
    assertThat(account.doubled()).isEqualTo(2);
  }

  /** Such as what was answered before a savepoint. */
  @Test
  void shouldOweNothingForWhatAnotherJobHasAnswered() {
    Ledger later = new Ledger(PLAN, Ledger.Wrong.NONE, CELLS);

    assertThat(later.answered()).isEqualTo(CELLS);
    assertEven(later.account(CELLS, Set.of()));
    assertThat(later.account(CELLS + 3, Set.of()).lost()).isEqualTo(6);

    later.take(forecast(0, CELLS - 1));
    later.take(letter("unreadable-3", 3));
    Account account = later.account(CELLS, Set.of());
    assertThat(account.unexpected()).isEqualTo(1);
    assertThat(account.letters().doubled()).isEqualTo(1);
  }

  @Test
  void shouldCountWhatTheModelDidNotMake() {
    takeAll();
    Forecast right = forecast(0, 7);
    List<Double> others = right.getPoints().stream().map(point -> point + 1).toList();
    ledger.take(Forecast.newBuilder(right).setPoints(others).build());
    ledger.take(fallback(0, 8));

    Account account = ledger.account(CELLS, Set.of());

    assertThat(account.different()).isEqualTo(2);
    assertThat(account.fallbacks()).isEqualTo(1);
  }

  @Test
  void shouldAcceptTheFallbackOfWhatTheModelMustFailOnAndNothingElse() {
    Ledger failing = new Ledger(PLAN, new Ledger.Wrong(1, CELLS - 1));
    failing.take(forecast(0, 7));
    failing.take(forecast(0, 8));
    failing.take(forecast(1, 7));
    failing.take(fallback(1, 8));

    assertEven(failing.account(CELLS, Set.of()));
    assertThat(failing.account(CELLS, Set.of()).fallbacks()).isEqualTo(1);

    failing.take(forecast(1, 8));
    failing.take(fallback(1, 7));

    assertThat(failing.account(CELLS, Set.of()).different()).isEqualTo(2);
  }

  @Test
  void shouldCountForecastsThatNobodyOwes() {
    takeAll();
    ledger.take(forecast(0, 6));
    ledger.take(Forecast.newBuilder(forecast(0, 7)).setSeries("stranger").build());

    assertThat(ledger.account(CELLS, Set.of()).unexpected()).isEqualTo(2);
  }

  @Test
  void shouldCountDeadLettersByTheirPlace() {
    ledger.take(letter("unreadable-1", 5));
    ledger.take(letter("unreadable-1", 5));
    ledger.take(letter("stranger", 7));

    Account.Letters letters =
        ledger.account(0, Set.of(new Feed.Place(0, 5), new Feed.Place(0, 6))).letters();

    assertThat(letters.expected()).isEqualTo(2);
    assertThat(letters.lost()).isEqualTo(1);
    assertThat(letters.doubled()).isEqualTo(1);
    assertThat(letters.others()).containsExactly(Map.entry("malformed", 1L));
  }

  private static void assertEven(Account account) {
    assertThat(account.isComplete()).isTrue();
    assertThat(account.once()).isEqualTo(account.expected());
    assertThat(account.doubled()).isZero();
    assertThat(account.different()).isZero();
    assertThat(account.unexpected()).isZero();
  }

  private void takeAll() {
    for (int series = 0; series < PLAN.series(); series++) {
      for (int cell = PLAN.contextLength() - 1; cell < CELLS; cell++) {
        ledger.take(forecast(series, cell));
      }
    }
  }

  private static Forecast fallback(int series, int cell) {
    return Forecast.newBuilder(forecast(series, cell)).setFallback(true).build();
  }

  private static Forecast forecast(int series, int cell) {
    List<Double> points =
        IntStream.rangeClosed(cell - Plan.HORIZON + 1, cell)
            .mapToObj(seen -> (double) PLAN.value(series, seen))
            .toList();
    return Forecast.newBuilder()
        .setSeries(Plan.name(series))
        .setOrigin(Plan.time(cell))
        .setIssuedAt(Instant.EPOCH)
        .setStepMillis(Plan.STEP.toMillis())
        .setHorizon(Plan.HORIZON)
        .setModelId("echo")
        .setModelVersion("1")
        .setChannels(1)
        .setPoints(points)
        .setFilledCells(0)
        .setFallback(false)
        .build();
  }

  private static DeadLetter letter(String key, long offset) {
    return DeadLetter.newBuilder()
        .setReason("malformed")
        .setDetail("")
        .setPartition(0)
        .setOffset(offset)
        .setKey(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)))
        .setRejectedAt(Instant.EPOCH)
        .build();
  }
}
