package io.tidecast.flink.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.commands.CommandJson;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Forecaster;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselineVersionsTest {

  private static final ForecasterSpec SPEC = new ForecasterSpec("m", "7", 4, 2, 1, List.of(.5));
  private static final ForecasterFactory MODEL = new TestingModel(SPEC, windows -> {});
  private static final VersionReader.Read OTHER = new VersionReader.Read(MODEL, "sha");

  private final BaselineVersions versions =
      new BaselineVersions(MODEL, 3, (place, sha256) -> OTHER);

  @Test
  void shouldBeTheSeasonalNaiveOfTheSlotsModel() {
    VersionReader.Read read = versions.read(BaselineVersions.SEASONAL_NAIVE, null);
    assertThat(read.sha256()).isNull();
    ForecasterSpec spec = read.model().spec();
    assertThat(spec.id()).isEqualTo("seasonal-naive");
    assertThat(spec.version()).isEqualTo("3");
    assertThat(spec.horizon()).isEqualTo(2);
    assertThat(spec.quantileLevels()).isEmpty();
    assertThat(read.model().channels()).isEqualTo(MODEL.channels());
    try (Forecaster naive = read.model().open()) {
      assertThat(naive.spec()).isEqualTo(spec);
    }
  }

  @Test
  void shouldLeaveOtherPlacesToTheOther() {
    assertThat(versions.read("/m/2", "sha")).isSameAs(OTHER);
  }

  @Test
  void shouldRefuseAChecksumOfNoFile() {
    assertThatThrownBy(() -> versions.read(BaselineVersions.SEASONAL_NAIVE, "0"))
        .isInstanceOf(VersionRefusedException.class)
        .hasMessage(
            "must be left out with path=baseline:seasonal-naive, which has no file: sha256=0; send the command again without it");
  }

  @Test
  void shouldBeAPlaceThatACommandCanName() throws Exception {
    ModelCommand command =
        new CommandJson()
            .read(
                "{\"action\": \"activate\", \"path\": \"baseline:seasonal-naive\"}"
                    .getBytes(StandardCharsets.UTF_8),
                "c");
    assertThat(command.place()).isEqualTo(BaselineVersions.SEASONAL_NAIVE);
  }
}
