package io.tidecast.cli.savepoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.savepoint.KeptSavepoints.Kept;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/upgrade.md} lists the savepoints that {@link SavepointITCase} goes on from. With
 * {@code -Dtidecast.docs.write=true} it is written instead.
 */
class UpgradePageTest {

  private static final Path PAGE =
      Path.of(System.getProperty("tidecast.root")).resolve("docs/upgrade.md");

  private static final Pattern LIST = Pattern.compile("(?ms)(^<!-- kept -->\n).*?(^<!-- end -->$)");

  /** The names of a state backend, as people write them. */
  private static String shown(String backend) {
    return backend.equals("hashmap") ? "the heap" : "RocksDB";
  }

  @Test
  void shouldListWhatIsRead() throws Exception {
    StringBuilder list =
        new StringBuilder(
            "| savepoint | job | taken of | on | kept on | read in | operators in it |\n"
                + "| --- | --- | --- | --- | --- | --- | ---: |\n");
    for (Kept kept : KeptSavepoints.all().toList()) {
      String[] commit = Files.readString(kept.folder().resolve("commit.txt")).strip().split(" ");
      list.append(
          "| `%s` | %s | `%s` | %s | %s | %s | %d |\n"
              .formatted(
                  kept.folder().getFileName(),
                  kept.job().title(),
                  commit[0].substring(0, 8),
                  commit[1],
                  shown(kept.takenIn()),
                  shown(kept.restoredIn()),
                  SavepointNamesTest.operators(kept).size()));
    }
    String page = Files.readString(PAGE);
    Matcher place = LIST.matcher(page);
    assertThat(place.find()).isTrue();
    String now = place.replaceFirst("$1" + Matcher.quoteReplacement(list.toString()) + "$2");

    if (Boolean.getBoolean("tidecast.docs.write")) {
      Files.writeString(PAGE, now);
    } else {
      assertThat(page).isEqualTo(now);
    }
  }

  /** One that lies there and is not in the list would be read by no test. */
  @Test
  void shouldReadEachThatIsKept() throws IOException {
    try (Stream<Path> folders = Files.list(KeptSavepoints.FOLDER)) {
      List<Path> kept = KeptSavepoints.all().map(Kept::folder).toList();
      assertThat(folders).containsExactlyInAnyOrderElementsOf(kept);
    }
  }
}
