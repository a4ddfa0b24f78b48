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
import org.junit.jupiter.params.provider.ValueSource;

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
        "{'w':{'dtype':'F8_E4M3','shape':[4],'data_offsets':[0,4]}} | 4 | or integers: dtype=F8_E4M3",
        "{'w':{'dtype':'BF16','shape':[4],'data_offsets':[0,4]}} | 4 | must fill the shape",
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
    Path text = Files.writeString(folder.resolve("text"), "something of another kind");
    assertThatThrownBy(() -> SafeTensors.read(text)).hasMessageContaining("header of");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PK\3\4 an archive", "\u0080\2 a bare one", "\u0080\5 a newer one"})
  void shouldSayHowAPickleIsConverted(String begin) throws IOException {
    Path pickle = folder.resolve("best.pth");
    Files.write(pickle, begin.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> SafeTensors.read(pickle))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("a pickle of PyTorch")
        .hasMessageContaining("torch.load(\"best.pth\", map_location=\"cpu\", weights_only=True)")
        .hasMessageContaining("\"best.safetensors\")");
  }

  /** Every half and every bfloat16 is a float of 32 bits too. */
  @Test
  void shouldWidenFloatsAndIntegers() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    // 1, -2, the greatest, the least above 0 and infinity.
    for (int half : new int[] {0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00}) {
      data.putShort((short) half);
    }
    // 1, -3.140625 and the least normal of them.
    for (int brain : new int[] {0x3f80, 0xc049, 0x0080}) {
      data.putShort((short) brain);
    }
    data.putDouble(0.1).putInt(-7).put((byte) 1);
    String header =
        """
        {"half":{"dtype":"F16","shape":[5],"data_offsets":[0,10]},
         "brain":{"dtype":"BF16","shape":[3],"data_offsets":[10,16]},
         "wide":{"dtype":"F64","shape":[1],"data_offsets":[16,24]},
         "count":{"dtype":"I32","shape":[],"data_offsets":[24,28]},
         "flag":{"dtype":"BOOL","shape":[1],"data_offsets":[28,29]}}""";
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 29).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(data.array(), 0, 29);
    Map<String, Tensor> read =
        SafeTensors.read(Files.write(folder.resolve("narrow.safetensors"), bytes.array()));

    assertThat(read.get("half").floats())
        .containsExactly(1, -2, 65504, 0x1p-24f, Float.POSITIVE_INFINITY);
    assertThat(read.get("brain").floats()).containsExactly(1, -3.140625f, Float.MIN_NORMAL);
    assertThat(read.get("wide").floats()).containsExactly(0.1f);
    assertThat(read.get("count").longs()).containsExactly(-7);
    assertThat(read.get("flag").longs()).containsExactly(1);
  }
}
