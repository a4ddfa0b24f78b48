package io.tidecast.architectures.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import io.tidecast.graph.GraphLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The safetensors container: an 8-byte little-endian header length, a JSON header, raw
 * little-endian row-major data. F32 and I64 tensors are read and written.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class SafeTensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LENGTH_BYTES = Long.BYTES;

  private SafeTensors() {}

  /**
   * Every tensor of a file, in the order of its header.
   *
   * @throws IOException if the file can't be read
   * @throws WeightsException if it is no safetensors file, is too large or holds another type
   */
  public static Map<String, Tensor> read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > GraphLimits.mostBytes()) {
      throw new WeightsException(
          "must have at most %s, %s: %s has %s"
              .formatted(
                  GraphLimits.megabytes(GraphLimits.mostBytes()),
                  GraphLimits.reason(),
                  file,
                  GraphLimits.megabytes(size)));
    }
    try {
      return parse(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
    } catch (WeightsException e) {
      throw new WeightsException(file + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, Tensor> parse(ByteBuffer bytes) {
    if (bytes.remaining() < LENGTH_BYTES) {
      throw new WeightsException("not a safetensors file: only " + bytes.remaining() + " bytes");
    }
    long headerLength = bytes.getLong(0);
    if (headerLength < 2 || headerLength > bytes.capacity() - LENGTH_BYTES) {
      throw new WeightsException(
          "not a safetensors file: header of "
              + headerLength
              + " bytes in a file of "
              + bytes.capacity());
    }
    String header =
        StandardCharsets.UTF_8.decode(bytes.slice(LENGTH_BYTES, (int) headerLength)).toString();
    ByteBuffer data =
        bytes.slice(
            LENGTH_BYTES + (int) headerLength,
            bytes.capacity() - LENGTH_BYTES - (int) headerLength);
    data.order(ByteOrder.LITTLE_ENDIAN);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long taken = 0;
    for (Map.Entry<String, JsonNode> entry : readHeader(header).properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), data));
        JsonNode offsets = entry.getValue().get("data_offsets");
        taken += offsets.get(1).asLong() - offsets.get(0).asLong();
        if (taken > data.capacity()) {
          throw new WeightsException("tensors must not share data: " + entry.getKey());
        }
      }
    }
    return tensors;
  }

  private static JsonNode readHeader(String header) {
    try {
      JsonNode node = JSON.readTree(header);
      if (!node.isObject()) {
        throw new WeightsException("not a safetensors file: its header is no JSON object");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new WeightsException("not a safetensors file: its header is no JSON", e);
    }
  }

  private static Tensor tensor(String name, JsonNode entry, ByteBuffer data) {
    JsonNode offsets = entry.path("data_offsets");
    if (!entry.path("shape").isArray() || offsets.size() != 2) {
      throw new WeightsException("tensor " + name + " needs shape and data_offsets: " + entry);
    }
    long[] shape = new long[entry.get("shape").size()];
    Arrays.setAll(shape, i -> entry.get("shape").get(i).asLong(-1));
    long begin = offsets.get(0).asLong(-1);
    long end = offsets.get(1).asLong(-1);
    if (begin < 0 || end < begin || end > data.capacity()) {
      throw new WeightsException(
          "tensor " + name + " lies outside the data: " + offsets + " of " + data.capacity());
    }
    ByteBuffer slice = data.slice((int) begin, (int) (end - begin)).order(ByteOrder.LITTLE_ENDIAN);
    String type = entry.path("dtype").asText();
    try {
      return switch (type) {
        case "F32" -> {
          float[] values = new float[slice.remaining() / Float.BYTES];
          slice.asFloatBuffer().get(values);
          yield Tensor.of(values, shape);
        }
        case "I64" -> {
          long[] values = new long[slice.remaining() / Long.BYTES];
          slice.asLongBuffer().get(values);
          yield Tensor.of(values, shape);
        }
        default ->
            throw new WeightsException(
                "tensor " + name + " must be F32 or I64: dtype=" + type + "; convert it first");
      };
    } catch (IllegalArgumentException e) {
      throw new WeightsException("tensor " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes all tensors, replacing the file only once the new content is complete.
   *
   * @throws IOException if the file can't be written
   */
  public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", tensor.isFloat() ? "F32" : "I64");
      for (long length : tensor.shape()) {
        node.withArray("shape").add(length);
      }
      node.withArray("shape");
      long bytes = Tensor.elements(tensor.shape()) * (tensor.isFloat() ? Float.BYTES : Long.BYTES);
      node.withArray("data_offsets").add(offset).add(offset + bytes);
      offset += bytes;
    }
    byte[] json = JSON.writeValueAsBytes(header);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(LENGTH_BYTES + padded + offset))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(padded).put(json);
    while (out.position() < LENGTH_BYTES + padded) {
      out.put((byte) ' ');
    }
    for (Tensor tensor : tensors.values()) {
      if (tensor.isFloat()) {
        out.asFloatBuffer().put(tensor.floats());
        out.position(out.position() + tensor.floats().length * Float.BYTES);
      } else {
        out.asLongBuffer().put(tensor.longs());
        out.position(out.position() + tensor.longs().length * Long.BYTES);
      }
    }
    Path whole = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(whole, out.array());
    Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
