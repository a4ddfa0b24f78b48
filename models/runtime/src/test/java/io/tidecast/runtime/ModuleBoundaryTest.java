package io.tidecast.runtime;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;

import ai.onnxruntime.OrtEnvironment;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.tidecast.graph.CheckedGraph;
import io.tidecast.graph.testing.HouseRules;

@AnalyzeClasses(
    packages = "io.tidecast.runtime",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleBoundaryTest {

  @ArchTest static final ArchRule SHOULD_HAVE_NO_CYCLE = HouseRules.NO_CYCLE_OF_PACKAGES;
  @ArchTest static final ArchRule SHOULD_HAVE_NO_CROWD = HouseRules.NO_CROWD;
  @ArchTest static final ArchRule SHOULD_TAKE_FEW_ARGUMENTS = HouseRules.FEW_ARGUMENTS;

  @ArchTest
  static final ArchRule SHOULD_KNOW_NOTHING_BUT_THE_GRAPH_ONNX_RUNTIME_AND_JACKSON =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify.annotations..",
              "io.tidecast.runtime..",
              "io.tidecast.graph..",
              "ai.onnxruntime..",
              "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule SHOULD_TOUCH_ONNX_RUNTIME_IN_ONE_PLACE =
      classes()
          .that()
          .resideOutsideOfPackage("io.tidecast.runtime.onnx")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackage("ai.onnxruntime..");

  /** No bytes reach native code but those of a graph that has been checked. */
  @ArchTest
  static final ArchRule SHOULD_GIVE_NATIVE_CODE_CHECKED_GRAPHS_ALONE =
      codeUnits()
          .that(
              describe(
                  "make a session",
                  unit ->
                      unit.getMethodCallsFromSelf().stream()
                          .map(call -> call.getTarget())
                          .anyMatch(
                              target ->
                                  target.getOwner().isEquivalentTo(OrtEnvironment.class)
                                      && target.getName().equals("createSession"))))
          .should()
          .beDeclaredIn("io.tidecast.runtime.onnx.OnnxSessions")
          .andShould()
          .haveRawParameterTypes(
              describe(
                  "with a checked graph",
                  types ->
                      types.stream().anyMatch(type -> type.isEquivalentTo(CheckedGraph.class))));
}
