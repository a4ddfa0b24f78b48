package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.testing.Tidecast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Tag("cluster")
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class StopITCase {
  @TempDir private Path temporary;

  @Test
  void shouldKeepRunningUntilCtrlCAndLeaveNothingBehind() throws Exception {
    try (Tidecast tidecast =
        new Tidecast(temporary, "quickstart", "--speed", "2000", "--keep-running")) {
      String kcat = tidecast.awaitLine("kcat -C -b 127.0.0.1:");

      assertThat(tidecast.output()).contains("until Ctrl-C", "observations.dlq");
      assertThat(kcat).contains("-t forecasts", "isolation.level=read_committed");
      tidecast.signal("INT");
      assertThat(tidecast.exitCode()).isEqualTo(130);
      assertThat(leftBehind()).isEmpty();
    }
  }

  @Test
  void shouldStopInTheMiddleOfTheReplay() throws Exception {
    try (Tidecast tidecast = new Tidecast(temporary, "quickstart", "--speed", "20")) {
      tidecast.awaitLine("forecasts begin with");
      Thread.sleep(1000);

      tidecast.signal("TERM");

      assertThat(tidecast.exitCode()).isEqualTo(143);
      assertThat(tidecast.output()).doesNotContain("Exception", "Forecasts out");
      assertThat(leftBehind()).isEmpty();
    }
  }

  @Test
  void shouldStopWhileItStarts() throws Exception {
    try (Tidecast tidecast = new Tidecast(temporary, "quickstart")) {
      tidecast.awaitLine("Starting Kafka and Flink");

      tidecast.signal("INT");

      assertThat(tidecast.exitCode()).isEqualTo(130);
      assertThat(tidecast.output()).doesNotContain("Exception", "Forecasts out");
      assertThat(leftBehind()).isEmpty();
    }
  }

  private List<Path> leftBehind() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      // The JVM's own, which it keeps up itself.
      return files.filter(f -> !f.getFileName().toString().startsWith("hsperfdata_")).toList();
    }
  }
}
