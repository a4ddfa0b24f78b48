package io.tidecast.cli.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.console.GivenFiles;
import io.tidecast.graph.CheckedGraph;
import io.tidecast.graph.GraphHeader;
import io.tidecast.runtime.bundle.GraphFile;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.Precision;
import io.tidecast.runtime.onnx.OnnxDescription;
import io.tidecast.runtime.onnx.OnnxDescription.Port;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidecast model inspect}. */
@Command(
    name = "inspect",
    description = {
      "Look into an ONNX file from anywhere: what goes in and out, whether Tidecast can serve it, "
          + "and a draft of its manifest.",
      "Complete the draft where it says '"
          + ModelManifest.TO_FILL
          + "', save it as manifest.json in a folder with the graph as model.onnx: that folder is a model."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ModelInspectCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE.onnx",
      description =
          "The graph. Its weights are in the same file, or in files beside it that are named as "
              + "exporters name them, such as FILE.onnx.data.")
  private Path file;

  @Option(
      names = "--weights",
      paramLabel = "NAME",
      split = ",",
      description =
          "Take weights from this file beside the graph too, whatever it is called. Only files "
              + "that the graph names are read.")
  private List<String> weights = List.of();

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description =
          "Write the draft to this file, which must be new. Without it the draft goes to "
              + "standard output, and what is said about the graph to standard error.")
  private @Nullable Path manifest;

  @Override
  public Integer call() throws JsonProcessingException {
    GivenFiles.requireFile("FILE.onnx", file);
    GraphFile onnx = GraphFile.inspect(file, Set.copyOf(weights));
    GraphHeader header = onnx.graph().header();
    OnnxDescription graph = describe(onnx, header);
    ManifestDraft draft = ManifestDraft.of(file.getFileName().toString(), onnx, header, graph);
    List<String> verdict = verdict(draft, onnx.graph(), header);
    String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(draft.json()) + "\n";
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter report = manifest == null ? spec.commandLine().getErr() : out;
    if (manifest == null) {
      out.print(json);
      out.flush();
    } else {
      write(json);
    }
    report(report, header, graph, draft);
    onnx.weights()
        .forEach(w -> report.println("  weights %s  %,d bytes".formatted(w.file(), w.bytes())));
    verdict.forEach(report::println);
    report.flush();
    return 0;
  }

  private OnnxDescription describe(GraphFile onnx, GraphHeader header) {
    try {
      return OnnxDescription.of(onnx.graph());
    } catch (ModelException e) {
      throw new ModelException(file + " (" + origin(header) + "): " + e.getMessage(), e);
    }
  }

  private static String origin(GraphHeader header) {
    String others =
        header.otherOpsets().entrySet().stream()
            .map(opset -> ", " + opset.getKey() + " " + opset.getValue())
            .collect(Collectors.joining());
    String producer = header.producer().isEmpty() ? "" : ", written by " + header.producer();
    return "opset " + header.opset() + others + producer;
  }

  private void write(String json) {
    try {
      Files.writeString(manifest, json, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new ModelException("--manifest must be a new file: " + manifest + " is there", e);
    } catch (IOException e) {
      throw new ModelException("--manifest must be a file that can be written: " + manifest, e);
    }
  }

  private void report(
      PrintWriter report, GraphHeader header, OnnxDescription graph, ManifestDraft draft) {
    report.println(file + ": " + origin(header));
    graph.inputs().forEach(port -> report.println(line("input ", "inputs", port, draft)));
    graph.outputs().forEach(port -> report.println(line("output", "outputs", port, draft)));
    if (draft.json().path("precision").asText().equals(Precision.FP16.key())) {
      report.println("  It computes in half precision (fp16) between them, which is for GPUs.");
    }
  }

  private static String line(String side, String key, Port port, ManifestDraft draft) {
    String shape =
        port.shape().stream()
            .map(size -> size < 0 ? "any" : size.toString())
            .collect(Collectors.joining(", ", "[", "]"));
    return "  %s  %s  %s %s  %s"
        .formatted(
            side,
            port.name(),
            port.type(),
            shape,
            draft.role(key, port.name()).orElse("role unknown"));
  }

  /** Lists what is to be said of a graph; the last sentence says whether it is served. */
  private static List<String> verdict(ManifestDraft draft, CheckedGraph graph, GraphHeader header) {
    List<String> lines = new ArrayList<>();
    Optional<String> reason;
    boolean decided = true;
    try {
      ManifestDraft.Verdict verdict = draft.tried(graph);
      lines.addAll(verdict.remarks());
      reason = verdict.refusal();
    } catch (ManifestDraft.OpenDraftException e) {
      reason = Optional.ofNullable(e.getMessage());
      decided = false;
    }
    List<String> toFill = ModelManifest.toFill(draft.json());
    lines.add(
        toFill.isEmpty()
            ? "Nothing is left to fill in."
            : "To fill in: " + String.join(", ", toFill) + ".");
    if (reason.isEmpty()) {
      lines.add("Tidecast serves it.");
    } else if (decided) {
      lines.add("Tidecast can't serve it: " + reason.get());
      lines.add(ExportAdvice.of(header.producer()));
    } else {
      lines.add("Whether Tidecast serves it depends on the draft: " + reason.get() + ".");
      lines.add(ExportAdvice.of(header.producer()));
    }
    return lines;
  }
}
