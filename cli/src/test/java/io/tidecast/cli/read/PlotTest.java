package io.tidecast.cli.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlotTest {

  @Test
  void shouldDrawFromTheLowestToTheHighestAcrossTheTerminal() {
    double[] values = IntStream.range(0, 9).asDoubleStream().toArray();

    List<String> lines = Plot.draw(new Plot.Line(values, null, null, "from", "to"), 25, true);

    assertThat(lines)
        .containsExactly(
            " 8.00|                **",
            "     |              **",
            "     |           ***",
            "     |         **",
            "     |       **",
            "     |    ***",
            "     |  **",
            " 0.00|**",
            "      from            to");
  }

  @Test
  void shouldShadeTheBandBehindTheLine() {
    List<String> lines =
        Plot.draw(
            new Plot.Line(
                new double[] {5, 5}, new double[] {0, 0}, new double[] {10, 10}, "a", "b"),
            24,
            false);

    assertThat(lines).hasSize(9);
    assertThat(lines.get(0)).isEqualTo(" 10.0\u2502" + "\u2591".repeat(17));
    assertThat(lines.get(7)).isEqualTo("  0.0\u2502" + "\u2591".repeat(17));
    assertThat(lines.subList(0, 8))
        .filteredOn(line -> line.chars().anyMatch(one -> one > 0x2800 && one <= 0x28FF))
        .as("the line has a row of its own")
        .hasSize(1);
  }

  @Test
  void shouldDrawOneValueAndTellLargeOnesApart() {
    assertThat(Plot.draw(new Plot.Line(new double[] {7}, null, null, "a", "a"), 20, true))
        .hasSize(9)
        .anyMatch(line -> line.contains("****"));
    assertThat(
            Plot.draw(new Plot.Line(new double[] {1e9, 1e9 + 0.5}, null, null, "a", "b"), 40, true))
        .first()
        .asString()
        .startsWith(" 1,000,000,000.500|");
  }
}
