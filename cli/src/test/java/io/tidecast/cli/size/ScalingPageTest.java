package io.tidecast.cli.size;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code docs/scaling.md} has what the command prints. With {@code -Dtidecast.docs.write=true} it
 * is written instead.
 */
class ScalingPageTest {

  private static final Path ROOT = Path.of(System.getProperty("tidecast.root"));
  private static final Path PAGE = ROOT.resolve("docs/scaling.md");

  private static final Pattern JOB = Pattern.compile("(?ms)^```yaml\n(.*?)^```$");

  private static final Pattern EXAMPLE =
      Pattern.compile("(?ms)(^```\n\\./tidecast (size [^\n]*)\n```\n\n```\n)(.*?)(^```$)");

  private static final Pattern ASSUMPTIONS =
      Pattern.compile("(?ms)(^<!-- assumptions -->\n)(.*?)(^<!-- end -->$)");

  @TempDir private Path folder;

  @Test
  void shouldShowWhatTheCommandPrints() throws IOException {
    String page = Files.readString(PAGE);
    Matcher job = JOB.matcher(page);
    assertThat(job.find()).isTrue();
    Path file =
        Files.writeString(
            folder.resolve("job.yaml"),
            job.group(1).replace("models/zoo", ROOT.resolve("models/zoo").toString()));
    List<String> commands = new ArrayList<>();

    String now =
        EXAMPLE
            .matcher(page)
            .replaceAll(
                example -> {
                  commands.add(example.group(2));
                  return replaced(example, 1, tables(example.group(2), file), 4);
                });
    now = ASSUMPTIONS.matcher(now).replaceAll(place -> replaced(place, 1, assumptions(), 3));

    assertThat(commands)
        .as("10,000, a million and a hundred million")
        .hasSize(3)
        .allMatch(command -> command.contains("--forecasts-per-core 62500"));
    if (Boolean.getBoolean("tidecast.docs.write")) {
      Files.writeString(PAGE, now);
    } else {
      assertThat(page).isEqualTo(now);
    }
  }

  private static String replaced(MatchResult place, int before, String text, int after) {
    return Matcher.quoteReplacement(place.group(before) + text + place.group(after));
  }

  /** What is printed above the assumptions. */
  private static String tables(String command, Path file) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    String[] words =
        Arrays.stream(command.split(" "))
            .map(word -> word.equals("job.yaml") ? file.toString() : word)
            .toArray(String[]::new);
    assertThat(commandLine.execute(words)).as("%s: %s", command, err).isZero();
    String printed = out.toString().replace(System.lineSeparator(), "\n");
    return printed.substring(0, printed.indexOf("\nAssumptions:\n"));
  }

  private static String assumptions() {
    return Arrays.stream(Figure.values())
        .map(figure -> "- " + figure.sentence() + "\n")
        .collect(Collectors.joining());
  }
}
