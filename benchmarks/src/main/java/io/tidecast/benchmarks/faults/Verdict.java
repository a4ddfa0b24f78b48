package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.ledger.Account;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a case came to.
 *
 * @param problems what is wrong; nothing where the job held
 */
record Verdict(
    FaultCase row,
    Account account,
    Stage.Seen seen,
    List<Stage.Recovery> recoveries,
    List<String> said,
    List<String> problems,
    Duration took) {

  static final String HEADER =
      """
      | case | records | owed | once | lost | doubled | different | fallbacks | dead letters owed | lost | doubled | recovered in s | starts | transaction.version | s | holds |
      |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|---:|---:|---:|---|""";

  /** So a job that goes back to an earlier checkpoint tells what it commits again. */
  private static final String COMES_TWICE = "a second time, with the same values";

  static Verdict of(FaultCase row, Stage.Ending ending, Duration took) {
    Sentences sentences = new Sentences(ending.said());
    List<String> problems = new ArrayList<>(ending.problems());
    Account account = ending.account();
    Account.Loss told = sentences.lossTold();
    compare("forecasts", account.lost(), told.forecasts(), problems);
    compare("dead letters", account.letters().lost(), told.deadLetters(), problems);
    if (!sentences.have(COMES_TWICE)) {
      note(account.doubled(), "forecasts came twice", problems);
      note(account.letters().doubled(), "dead letters came twice", problems);
    }
    note(account.different(), "forecasts are not what the model makes", problems);
    note(account.unexpected(), "forecasts are nobody's", problems);
    for (String text : row.setup().mustSay()) {
      if (!sentences.have(text)) {
        problems.add("the job never said: " + text);
      }
    }
    return new Verdict(
        row, account, ending.seen(), ending.recoveries(), sentences.once(), problems, took);
  }

  private static void compare(String what, long lost, long told, List<String> problems) {
    if (lost != told) {
      problems.add(
          String.format(Locale.ROOT, "%,d %s are lost, the job told of %,d", lost, what, told));
    }
  }

  private static void note(long count, String what, List<String> problems) {
    if (count > 0) {
      problems.add(String.format(Locale.ROOT, "%,d %s", count, what));
    }
  }

  boolean holds() {
    return problems.isEmpty();
  }

  /** A row of the table. */
  String line() {
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %s | %d | %d | %d | %s |",
        row.name(),
        seen.records(),
        account.expected(),
        account.once(),
        account.lost(),
        account.doubled(),
        account.different(),
        account.fallbacks(),
        account.letters().expected(),
        account.letters().lost(),
        account.letters().doubled(),
        recoveries.stream()
            .map(one -> String.format(Locale.ROOT, "%.1f", one.time().toMillis() / 1e3))
            .collect(Collectors.joining(", ")),
        seen.starts(),
        seen.transactionVersion(),
        took.toSeconds(),
        holds() ? "yes" : "no");
  }
}
