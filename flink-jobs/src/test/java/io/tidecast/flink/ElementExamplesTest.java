package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.JsonMappingTest;
import io.tidecast.flink.testing.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The records that a page shows are what the page says, with the job files that it shows. */
class ElementExamplesTest {

  private static final Path PAGE = Path.of("../docs/how-to/several-observations.md");

  private static final Pattern EXAMPLE =
      Pattern.compile("```(?:json|text)\n(.*?)```\n\n```yaml\n(.*?)```\n", Pattern.DOTALL);

  @Test
  void shouldReadEveryRecordAsTheJobFileBesideItSays() throws IOException {
    List<String> all = new ArrayList<>();
    Matcher examples = EXAMPLE.matcher(Files.readString(PAGE));
    while (examples.find()) {
      JobConfig config = Samples.config(examples.group(2).strip());
      byte[] record = examples.group(1).strip().getBytes(StandardCharsets.UTF_8);
      Samples.parser(config)
          .parse(Samples.source(record), Samples.NO_HEADERS)
          .forEach(one -> all.add(JsonMappingTest.outcome(one)));
    }
    assertThat(all)
        .containsExactly(
            "web-1 1714521600000 [97.5]",
            "web-2 1714521600000 [12.0]",
            "1 not-asked-for",
            "boiler/temp_1 1714521600000 [60.5]",
            "boiler/temp_2 1714521600000 [41.0]",
            "web-1/memory 1714521600000 [7.0]",
            "web-1/load 1714521600000 [0.5]",
            "web-1/requests 1714521600000 [100.0]",
            "7 1714521600000 [12.345]",
            "web-1 1714521600000 [97.5]",
            "1 not-asked-for");
  }
}
