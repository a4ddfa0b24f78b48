package io.tidecast.runtime.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.hostile.HostileModel.Expected;
import io.tidecast.runtime.manifest.ModelException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostileModelsTest {

  @TempDir private Path folder;

  static Stream<Named<HostileModel>> models() {
    return HostileModels.all().stream().map(model -> Named.of(model.name(), model));
  }

  @Test
  void shouldBeFortyKindsAtLeast() {
    List<String> names = HostileModels.all().stream().map(HostileModel::name).toList();
    assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(40);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void shouldRefuseEachInASentenceOrLetItPassToBeBounded(HostileModel model) throws Exception {
    Path directory = model.write(folder);

    if (model.expected() instanceof Expected.Refused refused) {
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> ModelBundle.read(directory))
          .withMessageContaining(refused.sentence())
          .satisfies(HostileModelsTest::assertShortAndPlain);
    } else {
      assertThatCode(() -> ModelBundle.read(directory)).doesNotThrowAnyException();
    }
  }

  /** What a bait holds is not in a message, nor in that of a cause. */
  private static void assertShortAndPlain(ModelException refusal) {
    assertThat(refusal.getMessage()).hasSizeLessThan(1500).doesNotContainPattern("[\\p{Cc}]");
    StringWriter trace = new StringWriter();
    refusal.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(HostileFolder.SECRET, "TIDE-SECRET");
  }
}
