package io.tidecast.flink.config.value;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.ConstructorException;
import org.snakeyaml.engine.v2.exceptions.DuplicateKeyException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads the YAML of job files. What it says about bad YAML names the place and quotes nothing of
 * the text, for any word of it may be part of a password.
 */
public final class JobYaml {

  private static final LoadSettings SETTINGS = LoadSettings.builder().build();

  /** Matches what the parser says in words of its own. Whatever else it says may quote the text. */
  private static final Pattern OWN_WORDS =
      Pattern.compile(
          "expected [^\\n]{1,40}, but (?:found '[^'\\n]{1,30}'|got [<>a-z ,\\]}]{1,30})"
              + "|could not find expected ':'"
              + "|found unexpected [a-z ]+"
              + "|(?:mapping keys|mapping values|sequence entries) are not allowed here");

  private JobYaml() {}

  /**
   * Returns the maps, lists and values of a text, or null if it has none.
   *
   * @throws IllegalArgumentException if it is no YAML; the message is for people
   */
  public static @Nullable Object read(String yaml) {
    try {
      return new Load(SETTINGS).loadFromString(yaml);
    } catch (MarkedYamlEngineException e) {
      String place =
          e.getProblemMark()
              .map(m -> " at line %d, column %d".formatted(m.getLine() + 1, m.getColumn() + 1))
              .orElse("");
      String sentence =
          e.getProblemMark().filter(mark -> isInReference(yaml, mark)).isPresent()
              ? "${...} within braces or brackets needs quotes"
              : sentence(e);
      throw new IllegalArgumentException("must be YAML: %s%s".formatted(sentence, place), e);
    } catch (YamlEngineException | StackOverflowError e) {
      throw new IllegalArgumentException("must be YAML of plain maps, lists and values", e);
    }
  }

  /** Returns what a text would be if it stood in a job file without quotes, such as a number. */
  public static @Nullable Object unquoted(String text) {
    return staysText(text) ? text : new Load(SETTINGS).loadFromString(text);
  }

  /** Says whether a text would still be text without quotes. */
  public static boolean staysText(String text) {
    Tag tag = SETTINGS.getSchema().getScalarResolver().resolve(text, true);
    // The parser has a tag of its own for references, and leaves them as text.
    return text.isBlank() || tag.equals(Tag.STR) || tag.equals(Tag.ENV_TAG);
  }

  /** Whether what the parser stumbled over is the brace that begins a reference. */
  private static boolean isInReference(String yaml, Mark mark) {
    String line = yaml.lines().skip(mark.getLine()).findFirst().orElse("");
    int at = mark.getColumn();
    return at > 0 && at < line.length() && line.startsWith("${", at - 1);
  }

  private static String sentence(MarkedYamlEngineException e) {
    String problem = String.valueOf(e.getProblem());
    if (e instanceof DuplicateKeyException) {
      return "a key is given twice in one map";
    }
    if (e instanceof ComposerException && problem.startsWith("found undefined alias")) {
      return "a value that begins with * needs quotes";
    }
    if (e instanceof ConstructorException || problem.startsWith("found undefined tag handle")) {
      return "a value that begins with ! needs quotes";
    }
    if (problem.contains("that cannot start any token")) {
      return problem.contains("TAB")
          ? "a line is indented with tabs instead of spaces"
          : "a value that begins with @, % or ` needs quotes";
    }
    if (problem.equals("but found another document")) {
      return "a file holds one document";
    }
    return OWN_WORDS.matcher(problem).matches()
        ? problem
        : "a character does not belong where it is";
  }
}
