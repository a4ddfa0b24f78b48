package io.tidecast.architectures.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
  @TempDir private Path folder;

  @Test
  void shouldReadBackWhatItWrote() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("a.weight", Tensor.of(new float[] {1, -2.5f, Float.MIN_VALUE, 4, 5, 6}, 2, 3));
    tensors.put("steps", Tensor.of(new long[] {Long.MIN_VALUE}));
    tensors.put("scale", Tensor.of(new float[] {0.5f}));
    tensors.put("empty", Tensor.of(new float[0], 0, 4));
    Path file = folder.resolve("weights.safetensors");
    SafeTensors.write(file, tensors);
    Map<String, Tensor> read = SafeTensors.read(file);
    assertThat(read.keySet()).containsExactlyElementsOf(tensors.keySet());
    read.forEach(
        (name, tensor) ->
            assertThat(tensor).usingRecursiveComparison().isEqualTo(tensors.get(name)));
    assertThat(Files.list(folder)).as("nothing half-written is left").containsExactly(file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | 8 | must fill the shape",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 4 | lies outside the data",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | 8 | lies outside the data",
        "{'w':{'dtype':'BF16','shape':[2],'data_offsets':[0,4]}} | 4 | must be F32 or I64: dtype=BF16",
        "{'w':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}} | 4 | must not be negative",
        "{'w':{'dtype':'F32','shape':[4294967296,4294967296,2],'data_offsets':[0,4]}} | 4 | too large",
        "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'v':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | 4 | tensors must not share data: v",
        "{'w':{'dtype':'F32'}} | 4 | needs shape and data_offsets",
        "[1] | 0 | no JSON object",
        "{{ | 0 | no JSON"
      })
  void shouldRefuseADamagedFileByTheTensorsName(String header, int dataBytes, String message)
      throws IOException {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    Path file = Files.write(folder.resolve("damaged.safetensors"), bytes.array());
    assertThatThrownBy(() -> SafeTensors.read(file))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("damaged.safetensors")
        .hasMessageContaining(message);
  }

  @Test
  void shouldRefuseWhatIsTooLargeBeforeItIsRead() throws IOException {
    Path large = folder.resolve("large.safetensors");
    try (RandomAccessFile holes = new RandomAccessFile(large.toFile(), "rw")) {
      holes.setLength(3_000_000_000L);
    }
    assertThatThrownBy(() -> SafeTensors.read(large))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("must have at most ")
        .hasMessageContaining("has 3,000 MB");
  }

  @Test
  void shouldRefuseWhatIsNoSafetensorsFile() throws IOException {
    Path tiny = Files.write(folder.resolve("tiny"), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> SafeTensors.read(tiny)).hasMessageContaining("only 3 bytes");
    Path pickle = Files.writeString(folder.resolve("pickle"), "PK\3\4 an archive of another kind");
    assertThatThrownBy(() -> SafeTensors.read(pickle)).hasMessageContaining("header of");
  }
}
